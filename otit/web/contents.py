"""The table of contents of a long page, from its own headings: panels come and go with what a person may see."""

import re
from typing import NamedTuple

from markupsafe import Markup

# A heading with an id, or the first one of a section with an id.
_HEADING = re.compile(
    r'(?:<section[^>]* id="(?P<section>[\w-]+)"[^>]*>\s*(?:<div class="list-head">)?\s*)?'
    r'<h2(?: id="(?P<heading>[\w-]+)")?>(?P<words>.*?)</h2>',
    re.DOTALL,
)


class Entry(NamedTuple):
    anchor: str
    words: str


def contents(html: Markup) -> list[Entry]:
    """The headings that can be led to, in order."""
    found = ((one["heading"] or one["section"], one["words"]) for one in _HEADING.finditer(str(html)))
    return [Entry(anchor, Markup(words).striptags()) for anchor, words in found if anchor]  # noqa: S704 - of a template
