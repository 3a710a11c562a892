"""Lists that people keep: a name for the address of a filtered list. What each reader sees in it is their own scope."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from otit.auth.models import User
from otit.db import Base, code_type
from otit.saved_lists.states import Sharing


class SavedList(Base):
    """`endpoint` is the list's page, `query` its filters as they stand in the address."""

    __tablename__ = "saved_lists"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("sharing = 'office' OR office_code IS NULL", name="office_of_sharing"),
        sa.UniqueConstraint("owner_id", "endpoint", "name"),
        sa.Index(None, "endpoint", "sharing", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    endpoint: Mapped[str] = mapped_column(sa.String(80))
    query: Mapped[str]
    name: Mapped[str] = mapped_column(sa.String(100))
    sharing: Mapped[Sharing] = mapped_column(code_type(Sharing, "sharing"), default=Sharing.PRIVATE)
    office_code: Mapped[str | None] = mapped_column(sa.String(2))
    created_at: Mapped[datetime]

    owner: Mapped[User] = relationship()
