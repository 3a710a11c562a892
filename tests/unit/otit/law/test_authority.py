"""Who decides, and how long a revocation bars."""

from datetime import date

import pytest

from otit.law.authority import (
    DispositionAuthority,
    NoAuthorityKnown,
    disposition_authority,
    disqualification_end,
    license_authority,
)
from otit.law.terms import ACT_IN_FORCE, Scheme, TargetKind

MOJ, ISA = DispositionAuthority.MOJ_MHLW, DispositionAuthority.ISA_MHLW


@pytest.mark.parametrize(
    ("target", "on", "authority"),
    [
        (TargetKind.IMPLEMENTING, date(2018, 7, 3), MOJ),
        (TargetKind.IMPLEMENTING, date(2019, 3, 31), MOJ),
        (TargetKind.IMPLEMENTING, date(2019, 4, 1), ISA),
        (TargetKind.IMPLEMENTING, date(2026, 11, 22), ISA),
        (TargetKind.SUPERVISING, ACT_IN_FORCE, MOJ),
        (TargetKind.SUPERVISING, date(2019, 4, 1), MOJ),
        (TargetKind.SUPERVISING, date(2026, 11, 22), MOJ),
    ],
)
def test_the_agency_decides_on_accreditations_since_april_2019(
    target: TargetKind, on: date, authority: DispositionAuthority
) -> None:
    assert disposition_authority(target, on) is authority


@pytest.mark.parametrize(("on", "scheme"), [(date(2017, 10, 31), Scheme.TIT), (date(2027, 4, 1), Scheme.ESD)])
def test_nobody_is_named_where_no_rule_is_known(on: date, scheme: Scheme) -> None:
    with pytest.raises(NoAuthorityKnown):
        disposition_authority(TargetKind.SUPERVISING, on, scheme)


@pytest.mark.parametrize("on", [ACT_IN_FORCE, date(2019, 4, 1), date(2026, 11, 22)])
def test_licences_are_the_ministers_throughout(on: date) -> None:
    assert license_authority(on) is MOJ


def test_nobody_granted_licences_before_the_act_applied() -> None:
    with pytest.raises(NoAuthorityKnown):
        license_authority(date(2017, 10, 31))


def test_the_authority_is_named_in_both_languages() -> None:
    assert MOJ.name_in("ja") == "法務大臣及び厚生労働大臣"
    assert ISA.name_in("ja") == "出入国在留管理庁長官及び厚生労働大臣"
    assert MOJ.name_in("en").startswith("Minister of Justice and")
    assert ISA.name_in("en").startswith("Commissioner of the Immigration Services Agency")


@pytest.mark.parametrize(
    ("revoked", "last"),
    [
        (date(2018, 7, 3), date(2023, 7, 2)),
        (date(2024, 2, 29), date(2029, 2, 28)),
        (date(2024, 3, 1), date(2029, 2, 28)),
    ],
)
def test_a_revocation_bars_for_five_years_from_its_day(revoked: date, last: date) -> None:
    assert disqualification_end(revoked) == last
