"""Kinds of organizations in the register and whether they are in business."""

from otit.labels import Labelled
from otit.law.terms import Scheme
from otit.text import N_

__all__ = [
    "BUSINESS_TRANSITIONS",
    "BusinessAct",
    "BusinessStatus",
    "OfficerPosition",
    "OrganizationKind",
    "PlaceKind",
    "Scheme",
]


class OrganizationKind(Labelled):
    """A body that is both has one register row for each role, because cycles and sanctions differ."""

    SUPERVISING = "supervising", N_("監理団体")
    IMPLEMENTING = "implementing", N_("実習実施者")


class BusinessStatus(Labelled):
    """What the body itself has notified (supervising: Art. 34); sanctions live on licence and plans."""

    ACTIVE = "active", N_("事業中"), "success"
    SUSPENDED = "suspended", N_("事業休止中"), "warning"
    CLOSED = "closed", N_("事業廃止"), "neutral"


class BusinessAct(Labelled):
    """Notices of the body itself (supervising: Art. 34(1))."""

    SUSPEND = "suspend", N_("事業の休止")
    RESUME = "resume", N_("事業の再開")
    CLOSE = "close", N_("事業の廃止")


BUSINESS_TRANSITIONS: dict[tuple[BusinessStatus, BusinessAct], BusinessStatus] = {
    (BusinessStatus.ACTIVE, BusinessAct.SUSPEND): BusinessStatus.SUSPENDED,
    (BusinessStatus.SUSPENDED, BusinessAct.RESUME): BusinessStatus.ACTIVE,
    (BusinessStatus.ACTIVE, BusinessAct.CLOSE): BusinessStatus.CLOSED,
    (BusinessStatus.SUSPENDED, BusinessAct.CLOSE): BusinessStatus.CLOSED,
}


class OfficerPosition(Labelled):
    REPRESENTATIVE = "representative", N_("代表者")
    DIRECTOR = "director", N_("理事・取締役")
    AUDITOR = "auditor", N_("監事・監査役")
    RESPONSIBLE = "responsible", N_("監理責任者・技能実習責任者")
    EXTERNAL = "external", N_("外部監査人・指定外部役員")

    @classmethod
    def of(cls, kind: "OrganizationKind") -> list["OfficerPosition"]:
        """Those that a body of this kind has: only a supervising organization is audited from outside."""
        return [one for one in cls if one is not cls.EXTERNAL or kind is OrganizationKind.SUPERVISING]


class PlaceKind(Labelled):
    BUSINESS_SITE = "business_site", N_("事業所")
    TRAINING_SITE = "training_site", N_("実習実施場所")
    DORMITORY = "dormitory", N_("宿泊施設")
