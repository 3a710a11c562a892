"""The words the law tables are made of: schemes, whom a rule is about, acts, and what a provision is for."""

from datetime import date
from enum import StrEnum
from typing import Final, Literal, Self

from otit.labels import Labelled
from otit.text import N_

# The Act took effect on 2017-11-01 (Ordinance No. 1 of 2017, supplementary Art. 1). No rule here is older than that:
# a `valid_from` on this day means "since the Act applies", also for labour laws that are older.
ACT_IN_FORCE: Final = date(2017, 11, 1)


class Scheme(Labelled):
    """Under which programme a licence, a plan or a rule stands. Both rest on the same Act No. 89 of 2016, retitled from
    2027-04-01 (`otit.law.schemes`)."""

    TIT = "tit", N_("技能実習")
    ESD = "esd", N_("育成就労")
    # The same two in full.
    TECHNICAL_INTERN_TRAINING = TIT
    EMPLOYMENT_FOR_SKILL_DEVELOPMENT = ESD


class TargetKind(Labelled):
    """Which kind of organization is regulated."""

    SUPERVISING = "supervising", N_("監理団体")
    IMPLEMENTING = "implementing", N_("実習実施者")


class Act(StrEnum):
    """A law; the value is the prefix of its provisions' codes. `law_id` is the id of the e-Gov law register."""

    law_id: str
    short_ja: str
    short_en: str
    title_ja: str

    TIT = (
        "TIT",
        "428AC0000000089",
        "法",
        "",
        "外国人の技能実習の適正な実施及び技能実習生の保護に関する法律",
    )
    TITR = (
        "TITR",
        "428M60000110003",
        "規則",
        "Ord. ",
        "外国人の技能実習の適正な実施及び技能実習生の保護に関する法律施行規則",
    )
    ESD = (
        "ESD",
        "428AC0000000089",
        "育成就労法",
        "ESD Act ",
        "外国人の育成就労の適正な実施及び育成就労外国人の保護に関する法律",
    )
    LSA = ("LSA", "322AC0000000049", "労働基準法", "Labor Standards Act ", "労働基準法")
    ISHA = (
        "ISHA",
        "347AC0000000057",
        "労働安全衛生法",
        "Industrial Safety and Health Act ",
        "労働安全衛生法",
    )

    def __new__(cls, code: str, law_id: str, short_ja: str, short_en: str, title_ja: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.law_id, member.short_ja, member.short_en, member.title_ja = law_id, short_ja, short_en, title_ja
        return member


class Category(Labelled):
    """What a provision is cited for."""

    IMPROVEMENT_ORDER = "improvement_order", N_("改善命令の事由")
    ACCREDITATION_REVOCATION = "accreditation_revocation", N_("認定の取消しの事由")
    LICENSE_REVOCATION = "license_revocation", N_("許可の取消しの事由")
    LICENSE_DOWNGRADE = "license_downgrade", N_("許可の区分の変更の事由")
    BUSINESS_SUSPENSION = "business_suspension", N_("事業停止命令の事由")
    DISQUALIFICATION = "disqualification", N_("欠格事由")
    PUBLICATION = "publication", N_("公示")
    INSPECTION_POWER = "inspection_power", N_("検査等の権限")
    DUTY = "duty", N_("遵守すべき規定")
    LABOUR_DUTY = "labour_duty", N_("労働基準関係法令")


GROUND_CATEGORIES: Final = frozenset(
    {
        Category.IMPROVEMENT_ORDER,
        Category.ACCREDITATION_REVOCATION,
        Category.LICENSE_REVOCATION,
        Category.LICENSE_DOWNGRADE,
        Category.BUSINESS_SUSPENSION,
    }
)

Language = Literal["ja", "en"]
