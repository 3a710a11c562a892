"""Users and their server-side sessions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from otit.auth.actors import Actor, person
from otit.auth.permissions import Role
from otit.db import Base, Versioned, code_type


class User(Versioned, Base):
    """A person who signs in. `office_code` None is headquarters; Labour Standards officers have a bureau instead."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint(
            "(role = 'labour_standards') = (bureau_code IS NOT NULL)", name="bureau_of_labour_standards"
        ),
        sa.CheckConstraint("role <> 'inspector' OR office_code IS NOT NULL", name="inspector_has_office"),
        sa.CheckConstraint("bureau_code IS NULL OR office_code IS NULL", name="one_scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(100))
    role: Mapped[Role] = mapped_column(code_type(Role, "role"))
    office_code: Mapped[str | None] = mapped_column(sa.String(2))
    bureau_code: Mapped[str | None] = mapped_column(sa.String(2))
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(sa.String(5), default="ja")
    created_at: Mapped[datetime]

    @property
    def actor(self) -> Actor:
        return person(self.id, self.display_name, self.role, self.office_code, self.bureau_code)


class UserSession(Base):
    """A signed-in browser. The cookie holds a random token, the table only its hash; ending the row signs out."""

    __tablename__ = "user_sessions"
    __table_args__ = (sa.CheckConstraint("expires_at > created_at", name="expires_later"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
