"""Lists of the registers as files: exactly what the screen shows, within the scope, audited, and not without end."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from imports.exports import register_lists
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from tests.cases import statements
from tests.factories import Factories
from tests.pages import Browser

FILE = "/exports/list/file"


def _get(browser: Browser, endpoint: str, query: str, file_format: str = "csv", status: int = 200) -> bytes:
    browser.get("/exports/list", list=endpoint, query=query)
    sent = {"list": endpoint, "query": query, "format": file_format}
    return browser.send(FILE, sent, page="", status=status).get_data()


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_holds_the_rows_on_screen_in_their_order(browser: Browser, factories: Factories) -> None:
    for name, until in (("甲組合", date(2028, 1, 1)), ("=乙組合", date(2027, 1, 1))):
        factories.license(factories.organization(OrganizationKind.SUPERVISING, name=name), expires_on=until)
    factories.organization(OrganizationKind.SUPERVISING, name="東京の組合", prefecture_code="13")
    browser.sign_in(factories.user(Role.READ_ONLY, office_code=None))
    browser.get("/exports/list?list=organizations.supervising", status=403)
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get("/organizations/supervising?office=11&sort=expiry")
    offered = [link.get("href", "") for link in page.all("a") if "".join(link.itertext()) == "ダウンロード"]
    text = browser.get(offered[0]).text
    assert "松山支所" in text
    assert "有効期限の早い順" in text
    head, *rows = _rows(_get(browser, "organizations.supervising", "office=11&sort=expiry"))
    assert head[:3] == ["許可番号", "許可区分", "名称"]
    assert head[-2:] == ["検査の期限", "前回の実地検査"]
    assert [row[2] for row in rows] == ["'=乙組合", "甲組合"]
    assert rows[0][7] == "2027-01-01"


def test_the_file_tells_more_of_each_row_than_the_screen(browser: Browser, factories: Factories) -> None:
    body = factories.organization(name="架空縫製", kana="カクウホウセイ", phone="089-000-0001", staff_count=12)
    sender = factories.sending_organization()
    factories.plan(body, sending_organization_id=sender.id, starts_on=date(2026, 4, 1))
    factories.plan(body)
    browser.sign_in(factories.user(Role.MANAGER))
    head, row = _rows(_get(browser, "organizations.implementing", ""))
    told = dict(zip(head, row, strict=True))
    wanted = {"名称": "架空縫製", "フリガナ": "カクウホウセイ", "電話": "089-000-0001", "常勤職員数": "12"}
    assert {name: told[name] for name in wanted} == wanted
    head, *rows = _rows(_get(browser, "plans.index", ""))
    assert "技能実習生" not in head
    plans = [dict(zip(head, row, strict=True)) for row in rows]
    assert sorted(plan["送出機関"] for plan in plans) == ["", sender.name]
    assert plans[0]["担当事務所"] == "松山支所"
    assert {plan["実習の開始日"] for plan in plans} == {"2026-04-01"}


def test_the_workbook_says_what_it_rests_on_and_no_text_becomes_a_formula(
    browser: Browser, factories: Factories
) -> None:
    factories.organization(name="=1+1", prefecture_code="38")
    user = factories.user(Role.MANAGER)
    browser.sign_in(user)
    book = load_workbook(io.BytesIO(_get(browser, "organizations.implementing", "prefecture=38", "xlsx")))
    assert book.sheetnames == ["一覧", "作成条件"]
    cells = [[cell.value for cell in row] for row in book["一覧"].iter_rows()]
    assert cells[0][0] == "実習実施者"
    assert cells[1][0] == "令和8年11月24日現在"
    assert cells[3][1] == "=1+1"
    assert book["一覧"].cell(4, 2).data_type == "s"
    basis = {row[0].value: row[1].value for row in book["作成条件"].iter_rows()}
    expected = {"条件：都道府県": "愛媛県", "範囲": "全国", "作成者": user.display_name, "件数": "1件"}
    assert {name: basis[name] for name in expected} == expected


def test_an_export_is_audited_with_its_filters_and_length(
    browser: Browser, session: Session, factories: Factories
) -> None:
    factories.plan()
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    _get(browser, "plans.index", "category=A&nonsense=1")
    noted = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "export.list")).one()
    assert noted.subject_id == "plans.index"
    wanted = {"count": 1, "filters": "category=A", "format": "csv", "office": None}
    assert {name: noted.detail[name] for name in wanted} == wanted


def test_the_scope_of_the_list_is_that_of_the_file(browser: Browser, factories: Factories) -> None:
    factories.organization(name="東京の縫製", prefecture_code="13")
    mine = factories.organization(name="松山の縫製")
    browser.sign_in(factories.user(Role.INSPECTOR))
    for query in ("", "office=03", "prefecture=13"):
        assert "東京の縫製" not in _get(browser, "organizations.implementing", query).decode("utf-8-sig")
    assert mine.name in _get(browser, "organizations.implementing", "").decode("utf-8-sig")


def test_the_plans_of_one_organization_stay_the_plans_of_one(browser: Browser, factories: Factories) -> None:
    plan, other = factories.plan(), factories.plan()
    browser.sign_in(factories.user(Role.MANAGER))
    query = f"organization={plan.implementing_organization_id}"
    text = _get(browser, "plans.index", query).decode("utf-8-sig")
    assert plan.number in text
    assert other.number not in text
    browser.get("/exports/list", list="plans.index", query="organization=x", status=404)
    browser.get("/exports/list", list="plans.index", query="organization=99999", status=404)


@pytest.mark.parametrize(
    "endpoint", ["organizations.supervising", "organizations.implementing", "plans.index", "sending.index"]
)
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_every_register_has_its_file(browser: Browser, factories: Factories, endpoint: str, file_format: str) -> None:
    factories.license()
    factories.plan()
    factories.sending_organization()
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    content = _get(browser, endpoint, "", file_format)
    assert len(content) > 100


def test_a_list_too_long_says_so_and_makes_no_file(
    browser: Browser, factories: Factories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_lists, "MOST_ROWS", 2)
    monkeypatch.setattr("imports.exports.list_routes.MOST_ROWS", 2)
    monkeypatch.setattr("imports.exports.list_services.MOST_ROWS", 2)
    for _ in range(3):
        factories.organization()
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get("/exports/list", list="organizations.implementing")
    assert "件数が多すぎます" in page.text
    sent = {"list": "organizations.implementing", "query": "", "format": "csv"}
    browser.send(FILE, sent, page="", status=422)


@pytest.mark.parametrize(
    "sent", [{"list": "admin.users"}, {"list": "inspections.index"}, {"format": "exe"}, {"list": ""}]
)
def test_nothing_else_leaves_this_way(browser: Browser, factories: Factories, sent: dict[str, Any]) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    browser.get("/exports/list", list="plans.index")
    browser.send(FILE, {"list": "plans.index", "query": "", "format": "csv"} | sent, page="", status=404)


def test_who_may_not_open_the_list_gets_no_file(browser: Browser, factories: Factories) -> None:
    for role, status in ((Role.READ_ONLY, 403), (Role.LABOUR_STANDARDS, 403), (Role.ADMINISTRATOR, 403)):
        browser.sign_in(factories.user(role))
        browser.get("/exports/list", list="sending.index", status=status)


def test_the_rows_are_read_as_they_are_written(browser: Browser, factories: Factories) -> None:
    """The columns of upper subjects cost one statement for five hundred rows, and no row one of its own."""
    for _ in range(30):
        factories.organization()
    browser.sign_in(factories.user(Role.MANAGER))
    browser.get("/exports/list", list="organizations.implementing")
    with statements() as sent:
        _get(browser, "organizations.implementing", "")
    assert len(sent) <= 16, sent
