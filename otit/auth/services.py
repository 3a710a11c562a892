"""Signing in and out, and the life of users, all audited; sessions live in the database so that they can end."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.audit.trail import changed, record
from otit.auth.actors import Actor, person
from otit.auth.models import User, UserSession
from otit.auth.passwords import MINIMUM_LENGTH, hash_password, password_matches, unknown_user_hash
from otit.auth.permissions import Permission, Role
from otit.errors import RuleViolation, StateConflict, UserError
from otit.places import OFFICES, PREFECTURES
from otit.text import N_

SESSION_LIFETIME = timedelta(hours=12)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(session: Session, username: str, password: str, now: datetime) -> tuple[User, str]:
    """Open a server-side session; returns the user and the new token for the cookie. Raises UserError without saying
    which of name and password was wrong."""
    user = session.scalar(sa.select(User).where(User.username == username.strip().lower()))
    matches = password_matches(user.password_hash if user else unknown_user_hash(), password)
    if user is None or not matches or not user.active:
        raise UserError(N_("ユーザー名またはパスワードが正しくありません。"))
    token = _open_session(session, user, now)
    record(session, user.actor, "user.signed_in", user)
    return user, token


def _open_session(session: Session, user: User, now: datetime) -> str:
    """Returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    row = UserSession(token_hash=token_hash(token), user_id=user.id, created_at=now, expires_at=now + SESSION_LIFETIME)
    session.add(row)
    return token


def sign_out(session: Session, actor: Actor, token: str, now: datetime) -> None:
    row = session.scalar(sa.select(UserSession).where(UserSession.token_hash == token_hash(token)))
    if row is not None and row.ended_at is None:
        row.ended_at = now
        record(session, actor, "user.signed_out", row.user)


_OF_LIVE_SESSION = (
    sa.select(User.id, User.display_name, User.role, User.office_code, User.bureau_code)
    .join(UserSession, UserSession.user_id == User.id)
    .where(UserSession.token_hash == sa.bindparam("token_hash"), UserSession.ended_at.is_(None))
    .where(UserSession.expires_at > sa.bindparam("now"), User.active)
)


def session_actor(session: Session, token: str, now: datetime) -> Actor | None:
    """Who is behind a live session; None when it has ended, expired, or the user was deactivated. One statement, before
    every page: it reads only what an actor is made of."""
    asked = {"token_hash": token_hash(token), "now": now}
    row = session.connection().execute(_OF_LIVE_SESSION, asked).one_or_none()
    return None if row is None else person(*row)


def create_user(
    session: Session,
    actor: Actor,
    *,
    username: str,
    display_name: str,
    role: Role,
    password: str,
    now: datetime,
    office_code: str | None = None,
    bureau_code: str | None = None,
) -> User:
    """Raises RuleViolation when the scope does not fit the role or the password is too short."""
    actor.require(Permission.MANAGE_USERS)
    _check_scope(role, office_code, bureau_code)
    _check_password(password)
    name = username.strip().lower()
    if session.scalar(sa.select(User.id).where(User.username == name)) is not None:
        raise RuleViolation(N_("このユーザー名は既に使われています。"), field="username")
    user = User(
        username=name,
        display_name=display_name,
        role=role,
        office_code=office_code,
        bureau_code=bureau_code,
        password_hash=hash_password(password),
        created_at=now,
    )
    session.add(user)
    session.flush()
    record(session, actor, "user.created", user, role=role, office=office_code, bureau=bureau_code)
    return user


def deactivate_user(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """The person can no longer sign in and is signed out everywhere at once. What they did stays theirs.

    Raises RuleViolation for one's own account and for the last administrator: nobody could undo either.
    """
    actor.require(Permission.MANAGE_USERS)
    if not user.active:
        raise StateConflict(N_("このユーザーは既に停止されています。"))
    if user.id == actor.user_id:
        raise RuleViolation(N_("自分自身を停止することはできません。"))
    if user.role is Role.ADMINISTRATOR and not _other_administrators(session, user):
        raise RuleViolation(N_("最後のシステム管理者を停止することはできません。"))
    ended = _end_sessions(session, user, now)
    user.active = False
    record(session, actor, "user.deactivated", user, changed(user), sessions_ended=ended)


def reactivate_user(session: Session, actor: Actor, user: User) -> None:
    """The person can sign in again, with the password they had."""
    actor.require(Permission.MANAGE_USERS)
    if user.active:
        raise StateConflict(N_("このユーザーは停止されていません。"))
    user.active = True
    record(session, actor, "user.reactivated", user, changed(user))


def set_password(session: Session, actor: Actor, user: User, password: str, *, now: datetime) -> None:
    """A new password, set by an administrator; ends every session of the user. The audit trail does not hold it."""
    actor.require(Permission.MANAGE_USERS)
    _check_password(password)
    user.password_hash = hash_password(password)
    record(session, actor, "user.password_set", user, sessions_ended=_end_sessions(session, user, now))


def change_own_password(session: Session, actor: Actor, current: str, password: str, *, now: datetime) -> str:
    """Everybody's own act. Ends every session of the person and opens a new one, whose token it returns: whoever has
    taken an old one is out. Raises RuleViolation. The audit trail holds neither password."""
    user = session.get_one(User, actor.user_id)
    if not password_matches(user.password_hash, current):
        raise RuleViolation(N_("現在のパスワードが正しくありません。"), field="current")
    _check_password(password)
    if password == current:
        raise RuleViolation(N_("現在のパスワードと異なるものにしてください。"), field="password")
    user.password_hash = hash_password(password)
    record(session, actor, "user.password_changed", user, sessions_ended=_end_sessions(session, user, now))
    return _open_session(session, user, now)


def _other_administrators(session: Session, user: User) -> bool:
    others = sa.select(User.id).where(User.role == Role.ADMINISTRATOR, User.active, User.id != user.id)
    return session.scalar(others.order_by(User.id).limit(1).with_for_update()) is not None


def _end_sessions(session: Session, user: User, now: datetime) -> int:
    end = sa.update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    return len(session.scalars(end.values(ended_at=now).returning(UserSession.id)).all())


def _check_password(password: str) -> None:
    if len(password) < MINIMUM_LENGTH:
        message = N_("パスワードは%(count)d文字以上にしてください。")
        raise RuleViolation(message, {"count": MINIMUM_LENGTH}, field="password")


def _check_scope(role: Role, office_code: str | None, bureau_code: str | None) -> None:
    if office_code is not None and office_code not in OFFICES:
        raise RuleViolation(N_("事務所コードが正しくありません。"), field="office_code")
    if bureau_code is not None and bureau_code not in PREFECTURES:
        raise RuleViolation(N_("労働局の都道府県コードが正しくありません。"), field="bureau_code")
    if (role is Role.LABOUR_STANDARDS) != (bureau_code is not None):
        raise RuleViolation(N_("労働基準監督官だけに労働局を設定します。"), field="bureau_code")
    if role is Role.INSPECTOR and office_code is None:
        raise RuleViolation(N_("検査官には所属事務所が必要です。"), field="office_code")
    if bureau_code is not None and office_code is not None:
        raise RuleViolation(N_("事務所と労働局は同時に設定できません。"), field="office_code")
