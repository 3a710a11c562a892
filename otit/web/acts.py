"""An act on a record that has a form and a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from flask import flash
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from otit.db import db
from otit.text import N_
from otit.web.clock import clock
from otit.web.forms import BaseForm

Act = TypeVar("Act")
Record = TypeVar("Record")
Given = TypeVar("Given")


@dataclass(frozen=True)
class ActPage(Generic[Act, Record]):
    """`done`, the message afterwards, and `title`, where the name of the act is no heading, are msgids; `danger` marks
    what changes the rights of others."""

    act: Act
    form: type[BaseForm]
    done: str
    run: Callable[[Session, Any, Record, Any, datetime], object]
    danger: bool = False
    title: str = ""

    def perform(self, actor: Any, record: Record, form: BaseForm) -> bool:
        """Whether the form was sent and the act is done. What refuses it stands on the form."""
        if form.validate_on_submit():
            with form.refusals():
                self.run(db.session(), actor, record, form, clock().now())
                flash(_(self.done), "success")
                return True
        return False


def put_right(
    form: BaseForm,
    read: Callable[[], Given | None],
    correct: Callable[[Given], bool],
    done: str = N_("申請の記録を訂正しました。"),
) -> bool:
    """Whether the form was sent and its record says now what was filled in. `read` gives that, or None where the form
    says what is wrong with it; `correct` tells whether anything has changed, and `done` is said then."""
    if form.validate_on_submit():
        with form.refusals():
            given = read()
            if given is not None:
                _tell(correct(given), done)
                return True
    return False


def _tell(changed: bool, done: str) -> None:
    if changed:
        flash(_(done), "success")
    else:
        flash(_("記録されている内容と同じです。何も変更していません。"), "info")
