"""Who decides on a disposition, and how long a revocation bars."""

from datetime import date
from typing import Final

from otit.clock import last_day_before_anniversary
from otit.errors import UserError
from otit.labels import Labelled
from otit.law.terms import ACT_IN_FORCE, Language, Scheme, TargetKind
from otit.text import N_

# The Immigration Services Agency began on this day and took over, with the Minister of Health, Labour and Welfare,
# the accreditation side of the Act; licences stayed with the Minister of Justice.
_AGENCY_FOUNDED: Final = date(2019, 4, 1)
_BAR_YEARS: Final = 5


class DispositionAuthority(Labelled):
    """The ministers who order, suspend and revoke. OTIT proposes and never decides."""

    MOJ_MHLW = "moj_mhlw", N_("法務大臣及び厚生労働大臣")
    ISA_MHLW = "isa_mhlw", N_("出入国在留管理庁長官及び厚生労働大臣")

    @property
    def label_en(self) -> str:
        return _ENGLISH[self]

    def name_in(self, language: Language) -> str:
        return self.label if language == "ja" else self.label_en


_ENGLISH: Final = {
    DispositionAuthority.MOJ_MHLW: "Minister of Justice and Minister of Health, Labour and Welfare",
    DispositionAuthority.ISA_MHLW: "Commissioner of the Immigration Services Agency and "
    "Minister of Health, Labour and Welfare",
}


class NoAuthorityKnown(UserError):
    """No rule in the tables says who decided on that day."""


def disposition_authority(target: TargetKind, on: date, scheme: Scheme = Scheme.TIT) -> DispositionAuthority:
    """Who decides on an improvement order, a suspension or a revocation on the day `on`.

    Supervising organizations: always the Ministers of Justice and of Health, Labour and Welfare (Art. 36, 37).
    Implementing organizations (Art. 15, 16): the same two before 2019-04-01, since then the Commissioner of the
    Immigration Services Agency and the Minister of Health, Labour and Welfare.
    Source: press releases of the ministry (newpage_55956 of 2018, newpage_24072 and newpage_25857 of 2022).
    Raises `NoAuthorityKnown` before the Act applied and for a scheme whose rule is not in the tables.
    """
    if scheme is not Scheme.TIT or on < ACT_IN_FORCE:
        raise NoAuthorityKnown(N_("%(on)sの時点の処分権者は登録されていません。"), {"on": on.isoformat()})
    if target is TargetKind.IMPLEMENTING and on >= _AGENCY_FOUNDED:
        return DispositionAuthority.ISA_MHLW
    return DispositionAuthority.MOJ_MHLW


def license_authority(on: date) -> DispositionAuthority:
    """Who grants a licence, its renewal or another class, and who refuses it, on the day `on`: the Ministers of
    Justice and of Health, Labour and Welfare (主務大臣; Art. 23, 31, 32), to whom OTIT brings the facts (Art. 24). No
    source names another for the retitled Act. Raises `NoAuthorityKnown` before the Act applied."""
    return disposition_authority(TargetKind.SUPERVISING, on)


def disqualification_end(revoked_on: date) -> date:
    """Last day on which a revocation bars: five years that count the day of the revocation (当該取消しの日から起算して
    五年; Art. 10 item vii, until 2019-09-13 item vi, and Art. 26 item ii). Revoked 2018-07-03: barred to 2023-07-02."""
    return last_day_before_anniversary(revoked_on, _BAR_YEARS)
