"""職種コード: sector, occupation and, for an operation of it, its number: "3-5", "3-5-1". Pure.

The first number is that of the sector; what in-house examinations added is numbered after the seven of the list.
"""

import re
from typing import Final

from otit.text import compact, plain_dashes

_CODE = re.compile(r"0*([1-9][0-9]?)-0*([1-9][0-9]{0,2})(?:-0*([1-9][0-9]{0,2}))?", re.ASCII)
SECTORS: Final = {
    1: "農業・林業",
    2: "漁業",
    3: "建設",
    4: "食品製造",
    5: "繊維・衣服",
    6: "機械・金属",
    7: "その他",
    8: "社内検定型",
}


def parse_code(text: str) -> str | None:
    """The code as it is stored (half width, plain hyphens, no leading zeros), or None: "３－5" is "3-5"."""
    found = _CODE.fullmatch(plain_dashes(compact(text)))
    return None if found is None else "-".join(part for part in found.groups() if part is not None)


def sort_key(code: str) -> str:
    """Orders codes as numbers, 3-10 after 3-9, and each operation behind its occupation: "03-010-001"."""
    sector, *rest = code.split("-")
    return "-".join((sector.zfill(2), *(part.zfill(3) for part in rest)))


def is_operation(code: str) -> bool:
    return code.count("-") == 2


def occupation_of(code: str) -> str:
    """The code of the occupation to which an operation belongs; that of an occupation is its own."""
    return "-".join(code.split("-")[:2])


def sector_of(code: str) -> int:
    return int(code.split("-")[0])
