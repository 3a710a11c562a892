"""Imports in the search of everything, by their number, for those who may open them."""

from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for

from imports.batches.models import ImportBatch
from organizations.search.registry import Hit, Source, add_source
from organizations.search.terms import Asked
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.text import N_
from otit.web.templating import aside, label

# 取込26-00001: fiscal year and running number.
SIGN, SIZES = ("取込",), (2, 5)


def _batches(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    numbers = asked.own(SIZES, SIGN)
    if not numbers:
        return None
    table = ImportBatch
    columns: list[Any] = [table.id, table.number, table.filename, table.kind, table.state]
    return sa.select(*columns).where(table.number.in_(numbers)).order_by(table.number)


def _batch(row: Any, asked: Asked) -> Hit:
    line = row.filename + (aside(label(row.kind)) if row.kind else "")
    url = url_for("imports.detail", batch_id=row.id)
    return Hit(row.number, url, line, row.state, row.number in asked.own(SIZES, SIGN))


def register(app: Flask) -> None:
    may = (Permission.IMPORT_WORKBOOKS,)
    add_source(app, Source(95, N_("取込み"), may, _batches, _batch, lambda asked: None))
