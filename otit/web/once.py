"""Forms that are sent twice act once: each form carries a random token, kept with the act in one transaction."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from otit.db import Base

FIELD = "once"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class SentForm(Base):
    """A form that was acted upon, and where its sender was sent then."""

    __tablename__ = "sent_forms"

    token: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    location: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def token_of(form: Mapping[str, str]) -> str | None:
    """The token that was sent; None when there is none, or when it cannot be one of ours."""
    token = form.get(FIELD, "")
    return token if _SHAPE.fullmatch(token) else None


def location_of(session: Session, token: str) -> str | None:
    return session.scalar(sa.select(SentForm.location).where(SentForm.token == token))


def remember(session: Session, token: str, location: str, now: datetime) -> None:
    """Fails with IntegrityError when another request with the same token commits first."""
    session.add(SentForm(token=token, location=location, sent_at=now))
    session.flush()
