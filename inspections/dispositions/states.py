"""Dispositions (行政処分等): kinds by target, and the life from OTIT's proposal to effect and publication."""

from organizations.licenses.states import LicenseAct
from organizations.register.states import OrganizationKind
from otit.labels import Labelled
from otit.text import N_


class DispositionKind(Labelled):
    ACCREDITATION_REVOCATION = "accreditation_revocation", N_("認定の取消し")
    LICENSE_REVOCATION = "license_revocation", N_("許可の取消し")
    CLASS_DOWNGRADE = "class_downgrade", N_("職権による区分の変更")
    BUSINESS_SUSPENSION = "business_suspension", N_("事業停止命令")
    IMPROVEMENT_ORDER = "improvement_order", N_("改善命令")
    NONE = "none", N_("処分しない")


# The paragraph under which each kind stands (Act 15, 16, 36, 37), by the kind of organization it is aimed at.
KINDS: dict[OrganizationKind, dict[DispositionKind, str]] = {
    OrganizationKind.IMPLEMENTING: {
        DispositionKind.ACCREDITATION_REVOCATION: "16(1)",
        DispositionKind.IMPROVEMENT_ORDER: "15(1)",
    },
    OrganizationKind.SUPERVISING: {
        DispositionKind.LICENSE_REVOCATION: "37(1)",
        DispositionKind.CLASS_DOWNGRADE: "37(2)",
        DispositionKind.BUSINESS_SUSPENSION: "37(3)",
        DispositionKind.IMPROVEMENT_ORDER: "36(1)",
    },
}


# What these do to the licence itself.
ON_LICENSE: dict[DispositionKind, LicenseAct] = {
    DispositionKind.LICENSE_REVOCATION: LicenseAct.REVOKE,
    DispositionKind.CLASS_DOWNGRADE: LicenseAct.DOWNGRADE,
    DispositionKind.BUSINESS_SUSPENSION: LicenseAct.SUSPEND,
}


class DispositionState(Labelled):
    PROPOSED = "proposed", N_("起案"), "neutral"
    SUBMITTED = "submitted", N_("進達済"), "info"
    DECIDED = "decided", N_("決定"), "warning"
    EFFECTIVE = "effective", N_("効力発生"), "danger"
    PUBLISHED = "published", N_("公示済"), "danger"
    NOT_TAKEN = "not_taken", N_("処分なし"), "neutral"
    WITHDRAWN = "withdrawn", N_("取下げ"), "neutral"
    ANNULLED = "annulled", N_("処分取消し"), "neutral"


class DispositionAct(Labelled):
    SUBMIT = "submit", N_("主務大臣へ進達する")
    WITHDRAW = "withdraw", N_("取り下げる")
    DECIDE = "decide", N_("決定を記録する")
    DECIDE_NONE = "decide_none", N_("処分しない決定を記録する")
    TAKE_EFFECT = "take_effect", N_("効力を発生させる")
    PUBLISH = "publish", N_("公示を記録する")
    ANNUL = "annul", N_("処分の取消しを記録する")


TRANSITIONS: dict[tuple[DispositionState, DispositionAct], DispositionState] = {
    (DispositionState.PROPOSED, DispositionAct.SUBMIT): DispositionState.SUBMITTED,
    (DispositionState.PROPOSED, DispositionAct.WITHDRAW): DispositionState.WITHDRAWN,
    (DispositionState.SUBMITTED, DispositionAct.DECIDE): DispositionState.DECIDED,
    (DispositionState.SUBMITTED, DispositionAct.DECIDE_NONE): DispositionState.NOT_TAKEN,
    (DispositionState.DECIDED, DispositionAct.TAKE_EFFECT): DispositionState.EFFECTIVE,
    (DispositionState.EFFECTIVE, DispositionAct.PUBLISH): DispositionState.PUBLISHED,
    (DispositionState.EFFECTIVE, DispositionAct.ANNUL): DispositionState.ANNULLED,
    (DispositionState.PUBLISHED, DispositionAct.ANNUL): DispositionState.ANNULLED,
}

IN_FORCE = (DispositionState.EFFECTIVE, DispositionState.PUBLISHED)
