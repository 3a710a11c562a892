"""Who acts, as services see it: a person with a role and a scope, or a job of the system."""

from dataclasses import dataclass, replace

from otit.auth.permissions import HEADQUARTERS_ONLY, MATRIX, Permission, Role
from otit.errors import NotPermitted
from otit.text import N_


@dataclass(frozen=True)
class Actor:
    """`office_code` None means every office (headquarters), unless there is a `bureau_code`, which Labour Standards
    officers have, and only they.

    A system actor (`user_id` None) has no role and may do everything: its limits are the code of its job.
    """

    audit_name: str
    display_name: str
    user_id: int | None = None
    role: Role | None = None
    office_code: str | None = None
    bureau_code: str | None = None

    def can(self, permission: Permission) -> bool:
        if self.office_code is not None and permission in HEADQUARTERS_ONLY:
            return False
        return self.role is None or permission in MATRIX[self.role]

    def require(self, *permissions: Permission) -> None:
        """Raises NotPermitted unless the actor holds one of them. Every act calls it, whatever the page has checked
        before."""
        if any(self.can(permission) for permission in permissions):
            return
        if any(replace(self, office_code=None).can(permission) for permission in permissions):
            raise NotPermitted(N_("この操作は全国に及ぶため、本部の職員だけが行えます。本部に依頼してください。"))
        raise NotPermitted()

    def covers_office(self, *office_codes: str | None) -> bool:
        """Labour Standards officers belong to none of OTIT's offices; theirs is the bureau."""
        if self.bureau_code is not None:
            return False
        return self.office_code is None or self.office_code in office_codes

    def require_office(self, *office_codes: str | None) -> None:
        """Raises NotPermitted unless one of the record's offices (owner, inspecting) is in the actor's scope."""
        if not self.covers_office(*office_codes):
            raise NotPermitted()


def person(user_id: int, display_name: str, role: Role, office_code: str | None, bureau_code: str | None) -> Actor:
    return Actor(f"user:{user_id}", display_name, user_id, role, office_code, bureau_code)


def system_actor(job: str) -> Actor:
    """The actor of a job or a command: "system:schedule"."""
    return Actor(audit_name=f"system:{job}", display_name=N_("自動処理"))
