"""The one act on an occupation by form: it ends. What is new or changed comes with a list (imports)."""

from datetime import date

from sqlalchemy.orm import Session

from organizations.occupations.models import Occupation
from organizations.occupations.queries import operations_beyond
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.text import N_

HEADQUARTERS_ONLY = N_("職種・作業の一覧は全国で使うため、本部の職員だけが変更できます。")


def may_end(actor: Actor, occupation: Occupation) -> bool:
    return _maintains(actor) and occupation.valid_until is None


def end_occupation(session: Session, actor: Actor, occupation: Occupation, *, valid_until: date) -> None:
    """`valid_until` is its last day, which may lie ahead. The operations of an occupation end with it on the same day,
    unless they ended before."""
    actor.require(Permission.IMPORT_WORKBOOKS)
    if not _maintains(actor):
        raise NotPermitted(HEADQUARTERS_ONLY)
    if occupation.valid_until is not None:
        raise StateConflict(N_("この職種・作業には既に適用終了日があります。"))
    operations = [] if occupation.is_operation else _operations(session, occupation, valid_until)
    for one in (occupation, *operations):
        if valid_until < one.valid_from:
            message = N_("適用終了日が「%(code)s %(name)s」の適用開始日（%(start)s）より前です。")
            params = {"code": one.code, "name": one.name, "start": one.valid_from}
            raise RuleViolation(message, params, field="valid_until")
    for one in (occupation, *operations):
        one.valid_until = valid_until
        record(session, actor, "occupation.ended", one, changed(one), code=one.code)


def _operations(session: Session, occupation: Occupation, valid_until: date) -> list[Occupation]:
    return list(operations_beyond(session, occupation.scheme, occupation.code, valid_until))


def _maintains(actor: Actor) -> bool:
    return actor.can(Permission.IMPORT_WORKBOOKS) and actor.office_code is None
