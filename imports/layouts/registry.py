"""The layouts this system reads, and the one way in for the importer."""

from collections.abc import Sequence

from imports.layouts import tables
from imports.layouts.base import Layout
from imports.layouts.implementing import IMPLEMENTING
from imports.layouts.occupations import OCCUPATIONS
from imports.layouts.plans import PLANS
from imports.layouts.supervising import SUPERVISING
from imports.layouts.tables import Recognized
from imports.workbook.cells import Sheet

LAYOUTS: dict[str, Layout] = {layout.code: layout for layout in (SUPERVISING, IMPLEMENTING, PLANS, OCCUPATIONS)}


def recognize(sheets: Sequence[Sheet]) -> Recognized:
    """See `imports.layouts.tables.recognize`; among all layouts."""
    return tables.recognize(sheets, tuple(LAYOUTS.values()))


def detect_layout(sheets: Sequence[Sheet]) -> Layout:
    """Which kind of sheet a workbook holds. Raises what `recognize` raises."""
    return recognize(sheets).layout
