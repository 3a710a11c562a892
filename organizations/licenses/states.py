"""The life of a licence for the supervising business (Art. 23 to 37) as a transition table."""

from organizations.register.states import Scheme
from otit.labels import Labelled
from otit.text import N_

__all__ = [
    "CLASSES",
    "LIVE_STATES",
    "TRANSITIONS",
    "LicenseAct",
    "LicenseClass",
    "LicenseState",
    "Scheme",
    "TermGround",
]


class LicenseClass(Labelled):
    """General covers levels one to three, specific one and two (Art. 23); the employment for skill development scheme
    knows one class only."""

    GENERAL = "general", N_("一般監理事業")
    SPECIFIC = "specific", N_("特定監理事業")
    SUPPORT = "support", N_("監理支援事業")

    @property
    def scheme(self) -> Scheme:
        support = self is LicenseClass.SUPPORT
        return Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT if support else Scheme.TECHNICAL_INTERN_TRAINING


CLASSES: dict[Scheme, tuple[LicenseClass, ...]] = {
    scheme: tuple(one for one in LicenseClass if one.scheme is scheme) for scheme in Scheme
}


class LicenseState(Labelled):
    LICENSED = "licensed", N_("許可中"), "success"
    SUSPENDED = "suspended", N_("事業停止中"), "warning"
    EXPIRED = "expired", N_("期間満了"), "neutral"
    REVOKED = "revoked", N_("許可取消し"), "danger"
    CLOSED = "closed", N_("廃止"), "neutral"


class TermGround(Labelled):
    """Why a term of a licence began."""

    LICENSED = "licensed", N_("許可")
    RENEWED = "renewed", N_("有効期間の更新")
    CLASS_CHANGED = "class_changed", N_("区分の変更の許可")
    DOWNGRADED = "downgraded", N_("職権による区分の変更")
    IMPORTED = "imported", N_("取込み")


class LicenseAct(Labelled):
    """Acts on a licence: conditions (Art. 30(1)), renewal (Art. 31) and another class (Art. 32) on application,
    ministers' dispositions by Art. 37, their annulment, expiry (Art. 31), closure (Art. 34)."""

    SET_CONDITION = "set_condition", N_("許可の条件の付加")
    END_CONDITION = "end_condition", N_("許可の条件の終了")
    SET_CONTENT = "set_content", N_("受入れ国・取扱職種の登録")
    RENEW = "renew", N_("有効期間の更新")
    CHANGE_CLASS = "change_class", N_("事業区分の変更")
    DOWNGRADE = "downgrade", N_("職権による区分の変更")
    RESTORE_CLASS = "restore_class", N_("職権による区分の変更の取消し")

    REVOKE = "revoke", N_("許可の取消し")
    SUSPEND = "suspend", N_("事業の停止")
    RESUME = "resume", N_("停止期間の満了")
    REINSTATE = "reinstate", N_("処分の取消し")
    EXPIRE = "expire", N_("期間満了")
    CLOSE = "close", N_("廃止")


# They leave the state of a live licence as it is.
_UNMOVING = (
    LicenseAct.SET_CONDITION,
    LicenseAct.END_CONDITION,
    LicenseAct.SET_CONTENT,
    LicenseAct.RENEW,
    LicenseAct.CHANGE_CLASS,
    LicenseAct.DOWNGRADE,
    LicenseAct.RESTORE_CLASS,
)

TRANSITIONS: dict[tuple[LicenseState, LicenseAct], LicenseState] = {
    **{(state, act): state for state in (LicenseState.LICENSED, LicenseState.SUSPENDED) for act in _UNMOVING},
    (LicenseState.LICENSED, LicenseAct.REVOKE): LicenseState.REVOKED,
    (LicenseState.SUSPENDED, LicenseAct.REVOKE): LicenseState.REVOKED,
    (LicenseState.LICENSED, LicenseAct.SUSPEND): LicenseState.SUSPENDED,
    (LicenseState.SUSPENDED, LicenseAct.RESUME): LicenseState.LICENSED,
    (LicenseState.REVOKED, LicenseAct.REINSTATE): LicenseState.LICENSED,
    (LicenseState.SUSPENDED, LicenseAct.REINSTATE): LicenseState.LICENSED,
    (LicenseState.LICENSED, LicenseAct.EXPIRE): LicenseState.EXPIRED,
    (LicenseState.SUSPENDED, LicenseAct.EXPIRE): LicenseState.EXPIRED,
    (LicenseState.LICENSED, LicenseAct.CLOSE): LicenseState.CLOSED,
    (LicenseState.SUSPENDED, LicenseAct.CLOSE): LicenseState.CLOSED,
}

LIVE_STATES = (LicenseState.LICENSED, LicenseState.SUSPENDED)
