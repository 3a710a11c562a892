"""How many trainees an implementing organization may have at one level (Ord. 16). Pure.

Taken from the table: the group type and the ordinary enterprise type. Left out because no source confirms them: the
caps of an excellent enterprise, those of the specially recognized enterprise type for an application (nothing says
which enterprise is recognized), and the extra rules for care and construction.
"""

# (staff up to and with, basic quota of level one); above the last line it is a twentieth of the staff.
_BASIC = ((30, 3), (40, 4), (50, 5), (100, 6), (200, 10), (300, 15))
_NORMAL = {1: 1, 2: 2}
_EXCELLENT = {1: 2, 2: 4, 3: 6}
_ENTERPRISE = {1: 20, 2: 10}


def basic_quota(staff: int) -> int:
    """基本人数枠 by the number of full-time staff, trainees and staff abroad not counted."""
    return next((quota for most, quota in _BASIC if staff <= most), staff // 20)


def group_cap(staff: int, level: int, *, excellent: bool) -> int:
    """Group type. `excellent` asks for both an excellent implementing and a general supervising organization; without
    it there is no level three. Never above the ceilings: the staff, twice and three times the staff."""
    times = (_EXCELLENT if excellent else _NORMAL).get(level, 0)
    return min(basic_quota(staff) * times, staff * level)


def enterprise_cap(staff: int, level: int) -> int | None:
    """Ordinary enterprise type: a twentieth of the staff at level one, a tenth at level two. None at level three, which
    only excellent enterprises have."""
    part = _ENTERPRISE.get(level)
    return None if part is None else staff // part
