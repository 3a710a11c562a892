"""Columns that upper subjects add to a list: side by side in order, hidden from those who may not see them."""

from flask import Flask

from otit.web.list_columns import ColumnProvider, ListColumn, add_columns, load_columns

DUE, LAST, OPEN = ListColumn("期限", "due"), ListColumn("前回", "date"), ListColumn("未解決", "amount")


def test_cells_stand_side_by_side_and_records_without_any_get_empty_ones() -> None:
    app = Flask(__name__)
    add_columns(app, ColumnProvider("organizations", 20, (OPEN,), lambda session, actor, ids: {1: (3,)}))
    add_columns(app, ColumnProvider("organizations", 10, (DUE, LAST), lambda session, actor, ids: {2: ("d", "l")}))
    add_columns(app, ColumnProvider("plans", 1, (OPEN,), lambda session, actor, ids: {1: (9,)}))
    with app.app_context():
        loaded = load_columns("organizations", None, None, [1, 2, 3])  # type: ignore[arg-type]
    assert loaded.columns == (DUE, LAST, OPEN)
    assert loaded.cells == {1: (None, None, 3), 2: ("d", "l", None), 3: (None, None, None)}


def test_who_may_not_see_columns_gets_none() -> None:
    app = Flask(__name__)
    add_columns(app, ColumnProvider("organizations", 1, (DUE,), lambda session, actor, ids: None))
    with app.app_context():
        loaded = load_columns("organizations", None, None, [1])  # type: ignore[arg-type]
    assert (loaded.columns, loaded.cells) == ((), {1: ()})
