"""A small application that shows every component and error page, under the content security policy of the real one."""

import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask_bootstrap
from flask import Flask, Response, current_app, flash, jsonify, render_template, request, send_file
from flask_babel import Babel
from flask_login import AnonymousUserMixin, LoginManager, UserMixin
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from otit.labels import Labelled
from otit.web.charts import bar_chart, line_chart, stacked_bar
from otit.web.contents import contents
from otit.web.list_links import Kept
from otit.web.navigation import NavItem, by_group
from otit.web.templating import aside

ROOT = Path(__file__).resolve().parent.parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ERROR_PAGES = ("400", "403", "404", "409", "413", "422", "429", "500", "csrf")


class State(Labelled):
    DRAFT = "draft", "未着手", "neutral"
    RUNNING = "running", "検査中", "info"
    LICENSED = "licensed", "許可中", "success"
    LATE = "late", "要確認", "warning"
    REVOKED = "revoked", "許可取消し", "danger"


class VisitForm(FlaskForm):  # type: ignore[misc]
    once = HiddenField(default="token-1")
    version = HiddenField()
    visited_on = DateField("訪問日", [InputRequired("訪問日を入力してください。")], description="実際に訪問した日")
    outcome = RadioField(
        "訪問の結果",
        [InputRequired("結果を選んでください。")],
        choices=[SelectChoice("done", "実施"), SelectChoice("refused", "拒否")],
    )
    books = SelectMultipleField(
        "確認した帳簿", choices=[SelectChoice("1", "管理簿"), SelectChoice("2", "監査報告書")], description="すべて選択"
    )
    office = SelectField("地方事務所", choices=[SelectChoice("", "選択してください"), SelectChoice("13", "東京事務所")])
    people = IntegerField("立会人の数")
    notes = TextAreaField("所見")
    evidence = FileField("証拠書類")
    agreed = BooleanField("記載内容を相手方に読み聞かせた")


class FilterForm(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = StringField("団体名・番号")
    area = SelectField("地方事務所", choices=[SelectChoice("", "すべて"), SelectChoice("13", "東京事務所")])
    kind = SelectField("状態", choices=[SelectChoice("", "すべて"), SelectChoice("late", "期限超過")])


class SignInForm(FlaskForm):  # type: ignore[misc]
    name = StringField("利用者名", [InputRequired()])
    password = PasswordField("パスワード", [InputRequired()])


class Inspector(UserMixin):  # type: ignore[misc]
    actor = SimpleNamespace(display_name="山田 花子", role=State.RUNNING)


KEPT = [Kept("愛媛の休止中", "/?prefecture=38", "", True), Kept("期限が近いもの", "/?due=soon", "架空 花子", False)]


def create_gallery(*, signed_in: bool = True) -> Flask:
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "otit/static"))
    app.config.update(SECRET_KEY="gallery", TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, default_locale="ja")
    CSRFProtect(app)
    login = LoginManager(app)
    user: Any = Inspector() if signed_in else AnonymousUserMixin()
    login.request_loader(lambda _request: user)
    _add_helpers(app)
    _add_pages(app)
    return app


def _era(value: date) -> Markup:
    return Markup('<time datetime="{}">令和{}年{}月{}日</time>').format(
        value, value.year - 2018, value.month, value.day
    )


def _add_helpers(app: Flask) -> None:
    """Stand-ins for what the application gives its templates."""
    items = [NavItem(word, f"/{n}", n == 1, "検査" if n in (1, 2) else "") for n, word in enumerate(MENU)]
    app.jinja_env.filters.update(
        era=_era,
        moment=str,
        date_text=str,
        aside=aside,
        contents=contents,
        number=lambda n: f"{n:,}",
        label=lambda member: member.label,
    )
    app.jinja_env.globals.update(
        overtaken=lambda: None,
        nav_items=lambda: items,
        nav_groups=by_group,
        today=lambda: date(2026, 11, 24),
        list_links=list,
        kept_lists=lambda: KEPT,
        current_locale=lambda: "ja",
        locale_url=lambda locale: f"/?lang={locale}",
        static_url=lambda name: f"/static/{name}",
        new_once=lambda: "token-2",
        kept=lambda macro, *arguments: macro(*arguments),
        bootstrap_css_url=lambda: "/bootstrap.css",
    )

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response


def _add_pages(app: Flask) -> None:
    css = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
    app.add_url_rule("/", "gallery", _gallery)
    app.add_url_rule("/bootstrap.css", "bootstrap", lambda: send_file(css))
    app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
    app.add_url_rule("/error/<name>", "error", lambda name: render_template(f"errors/{name}.html"))
    app.add_url_rule("/sign-in", "sign_in", lambda: render_template("auth/sign_in.html", form=SignInForm()))
    app.add_url_rule("/account/password", "auth.own_password", lambda: "")
    app.add_url_rule("/saved-lists", "saved_lists.index", lambda: "")
    app.add_url_rule("/search", "search.everything", lambda: "")
    app.add_url_rule("/sign-out", "auth.sign_out", lambda: "", methods=["POST"])
    app.add_url_rule("/echo", "echo", _echo, methods=["POST"])
    app.add_url_rule("/poll", "poll", _poll)
    app.extensions["received"] = []


def _gallery() -> str:
    """`?errors` shows the form as it comes back refused, `?flash` the notices."""
    form = VisitForm(formdata=MultiDict({"version": "6"}) if "errors" in request.args else None)
    if "errors" in request.args:
        form.validate()
    if "flash" in request.args:
        flash("検査の記録を保存しました。", "success")
        flash("この画面の内容は変更されています。", "error")
    return render_template("components/gallery.html", form=form, filters=FilterForm(), **gallery_data())


def _echo() -> tuple[str, int]:
    current_app.extensions["received"].append(request.form.to_dict())
    time.sleep(0.5)
    return "", 204


def _poll() -> Response:
    return jsonify(status="running", done=333, total=400, message="照合しています。", redirect=None)


def gallery_data() -> dict[str, Any]:
    return {
        "title": "協同組合しらさぎ技能交流会",
        "state": "許可中・検査期限 超過12日",
        "lead": "年度内の実地検査が終わっていません。担当者を決めて検査を始めてください。",
        "trail": [("ホーム", "#"), ("監理団体", "#")],
        "day": date(2026, 11, 22),
        "states": list(State),
        "tab_items": [
            {"label": "概要", "url": "#", "active": True},
            {"label": "検査", "url": "#", "active": False, "count": 14},
        ],
        "figures": FIGURES,
        "columns": COLUMNS,
        "rows": _rows(),
        "track": TRACK,
        "events": EVENTS,
        "charts": _charts(),
    }


def _rows() -> list[dict[str, Any]]:
    names = (
        "協同組合しらさぎ技能交流会",
        "みなと国際人材育成協同組合",
        "北信越ものづくり事業協同組合",
        "協同組合さくら海外研修支援機構東日本",
    )
    return [
        {
            "number": f"許26040001{n:02}",
            "name": name,
            "office": "東京事務所",
            "state": list(State)[n],
            "days": (-12, 0, 9, 120)[n],
            "plans": 1234 * n,
            "old": "千代田区" if n else "",
            "new": "港区海岸",
        }
        for n, name in enumerate(names)
    ]


def _charts() -> list[dict[str, Any]]:
    late = [("東京事務所", 42), ("名古屋事務所", 31), ("大阪事務所", 18), ("高松事務所松山支所", 3)]
    verdicts = [("取込", "新規", 120), ("取込", "変更", 34), ("取込", "変更なし", 230), ("取込", "誤り", 6)]
    months = [(f"{m}月", 40 * n, 36 * n if n < 9 else None) for n, m in enumerate([*range(4, 13), 1, 2, 3], 1)]
    lines = [(m, s, v) for m, plan, done in months for s, v in (("計画", plan), ("実績", done))]
    tones = {"新規": "success", "変更": "info", "変更なし": "neutral", "誤り": "danger"}
    words = {"description": "多い順", "unit": "件"}
    return [
        {
            "title": "期限を過ぎた検査",
            "drawing": bar_chart(late, title="期限を過ぎた検査", tone="danger", **words),
            "columns": ["事務所", "件数"],
            "rows": [{"cells": row, "url": "#"} for row in late],
        },
        {
            "title": "判定の内訳",
            "drawing": stacked_bar(verdicts, title="判定の内訳", tones=tones, **words),
            "columns": ["判定", "件数"],
            "rows": [row[1:] for row in verdicts],
        },
        {
            "title": "年度の計画と実績",
            "drawing": line_chart(lines, title="年度の計画と実績", **words),
            "columns": ["月", "計画"],
            "rows": [month[:2] for month in months],
        },
    ]


MENU = (
    "ホーム",
    "監理団体",
    "実習実施者",
    "技能実習計画",
    "実地検査",
    "違反・是正",
    "行政処分",
    "送出機関",
    "取込",
    "管理",
)
FIGURES = [
    {"label": "期限を過ぎた検査", "figure": 12, "unit": "件", "tone": "danger", "note": "最も古いものは超過48日"},
    {"label": "今月が期限の検査", "figure": 1034, "unit": "件", "tone": "warning", "note": ""},
    {"label": "受理した改善報告", "figure": 8, "unit": "件", "tone": "success", "note": ""},
    {"label": "担当する検査", "figure": 27, "unit": "件", "tone": "info", "note": "うち併行検査 3件"},
]
COLUMNS = [
    {"label": "許可番号", "sort_url": "#"},
    {"label": "名称", "sort_url": "#", "direction": "up"},
    {"label": "事務所"},
    {"label": "状態"},
    {"label": "検査期限"},
    {"label": "計画数", "amount": True},
    {"label": "所在地"},
]
TRACK = [
    {"label": "進達", "state": "done", "lines": ["令和8年5月7日", "東京事務所 課長"]},
    {"label": "聴聞", "state": "skipped", "lines": ["行政手続法第13条第2項"]},
    {"label": "決定", "state": "current", "lines": ["主務大臣"]},
    {"label": "効力発生", "state": "todo"},
    {"label": "公表", "state": "todo"},
]
EVENTS = [
    {"when": "令和8年11月20日", "title": "改善勧告を発出", "actor": "山田 花子", "tone": "danger", "url": "#"},
    {
        "when": "令和8年11月18日",
        "title": "実地検査",
        "actor": "佐藤 太郎",
        "text": "帳簿12か月分を確認",
        "tone": "success",
    },
    {"when": "令和8年11月1日", "title": "担当者を指名"},
]
