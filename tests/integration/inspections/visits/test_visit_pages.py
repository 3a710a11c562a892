"""The visit form in the browser: rows without script, errors beside their field, double clicks, stale forms, scope."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionState
from inspections.violations.models import Violation
from inspections.visits.models import Visit
from tests.factories import Factories
from tests.field_work import Case
from tests.pages import Browser, Page

CUSTODY = "ID-CUSTODY|TIT-48-1"


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def _url(case: Case) -> str:
    return f"/inspections/{case.inspection.id}/visits/new"


def _form(**values: Any) -> dict[str, Any]:
    """A browser sends every row, the empty ones as well."""
    parts = ("finding", "fact_on", "description")
    defaults = {f"findings-{row}-{part}": "" for row in range(3) for part in parts} | {
        "visited_on": "2026-11-20",
        "outcome": "done",
        "people_present": " 技能実習責任者　架空一郎 \r\n\r\n通訳　架空花子",
        "place": "本社工場",
        "observations": "宿泊施設を確認した。",
    }
    return defaults | values


def _count(session: Session, model: Any) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_inspector_logs_a_visit_with_two_violations_and_ends_the_inspection(case: Case, browser: Browser) -> None:
    rows = {
        "findings-0-finding": CUSTODY,
        "findings-0-description": "旅券を事務所で保管していた。",
        "findings-2-finding": "IO-BOOKS|TIT-20",
        "findings-2-fact_on": "令和8年11月1日",
        "findings-2-description": "管理簿がない。",
    }
    browser.sign_in(case.inspector)
    page = browser.follow(browser.send(_url(case), _form(**rows, ends_inspection="y")))
    assert "訪問を記録しました。" in page.text
    assert "法第48条第1項" in page.text
    case.session.expire_all()
    inspection = case.session.get_one(Inspection, case.inspection.id)
    assert inspection.state is InspectionState.DONE
    visit = case.session.scalars(select(Visit)).one()
    assert visit.people_present == "技能実習責任者　架空一郎\n通訳　架空花子"
    facts = case.session.execute(select(Violation.provision_code, Violation.fact_on).order_by(Violation.id)).all()
    assert [(code, day.isoformat()) for code, day in facts] == [("TIT-48-1", "2026-11-20"), ("TIT-20", "2026-11-01")]


def test_more_rows_keep_everything_typed_and_store_nothing(case: Case, browser: Browser) -> None:
    browser.sign_in(case.inspector)
    typed = {"findings-0-finding": CUSTODY, "findings-0-description": "途中まで", "place": "第二工場"}
    page = Page(browser.send(_url(case), _form(**typed, more="1"), status=200))
    assert page.by_id("findings-5-finding") is not None
    assert page.by_id("findings-6-finding") is None
    assert "途中まで" in page.text
    place = page.by_id("place")
    assert place is not None
    assert place.get("value") == "第二工場"
    chosen = page.by_id("findings-0-finding")
    assert chosen is not None
    assert [o.get("value") for o in chosen.iter() if o.get("selected") is not None] == [CUSTODY]
    assert [one.get("id") for one in page.tree.iter() if "autofocus" in one.attrib] == ["findings-3-finding"]
    assert _count(case.session, Visit) == 0


@pytest.mark.parametrize(
    ("values", "place", "text"),
    [
        ({"visited_on": "2026-11-25"}, "visited_on", "今日までの日"),
        ({"visited_on": "令和8年2月30日"}, "visited_on", ""),
        ({"outcome": ""}, "outcome", "入力してください"),
        ({"outcome": "party"}, "outcome", ""),
        ({"people_present": ""}, "people_present", "1名以上"),
        ({"outcome": "absent", "ends_inspection": "y"}, "ends_inspection", "終えられません"),
        ({"findings-1-finding": CUSTODY}, "findings-1-description", "入力してください"),
        ({"findings-1-description": "何か"}, "findings-1-finding", "入力してください"),
        (
            {"findings-1-finding": CUSTODY, "findings-1-description": "何か", "findings-1-fact_on": "2026-11-21"},
            "findings-1-fact_on",
            "訪問した日まで",
        ),
        ({"findings-1-finding": "SO-FEE|TIT-28-1", "findings-1-description": "何か"}, "findings-1-finding", "選択肢"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_on_top_and_nothing_is_stored(
    case: Case, browser: Browser, values: dict[str, str], place: str, text: str
) -> None:
    browser.sign_in(case.inspector)
    page = Page(browser.send(_url(case), _form(**values), status=422))
    error = page.by_id(f"{place}-error")
    assert error is not None
    assert text in "".join(error.itertext())
    assert f'href="#{place}"' in page.html
    assert "入力内容を確認してください" in page.text
    assert _count(case.session, Visit) == 0
    assert case.session.get_one(Inspection, case.inspection.id).state is InspectionState.ASSIGNED


def test_a_double_click_logs_one_visit(case: Case, browser: Browser) -> None:
    browser.sign_in(case.inspector)
    form = browser.get(_url(case))
    data = _form(
        csrf_token=form.hidden("csrf_token"), once=form.hidden("once", _url(case)), version=form.hidden("version")
    )
    for _click in range(2):
        assert browser.client.post(_url(case), data=data).status_code == 303
    assert _count(case.session, Visit) == 1


def test_a_form_opened_before_the_inspection_changed_is_refused_with_what_was_typed(
    case: Case, browser: Browser
) -> None:
    browser.sign_in(case.inspector)
    browser.get(_url(case))
    case.inspection.planned_on = case.inspection.due_on
    case.session.commit()
    page = browser.last
    assert page is not None
    answer = browser.client.post(
        _url(case),
        data=_form(csrf_token=page.hidden("csrf_token"), version=page.hidden("version"), place="第三工場"),
    )
    assert answer.status_code == 409
    assert "ほかの人がこの記録を変更しました" in answer.get_data(as_text=True)
    assert "第三工場" in answer.get_data(as_text=True)
    assert _count(case.session, Visit) == 0


@pytest.mark.parametrize(
    ("who", "status"), [("elsewhere", 404), ("reader", 403), ("officer", 403), ("other_inspector", 200)]
)
def test_the_form_is_not_there_for_others(case: Case, browser: Browser, who: str, status: int) -> None:
    browser.sign_in(getattr(case, who))
    browser.get(_url(case), status=status)


def test_an_inspector_who_is_not_assigned_sees_no_button_and_is_refused(case: Case, browser: Browser) -> None:
    browser.sign_in(case.other_inspector)
    assert _url(case) not in browser.get(f"/inspections/{case.inspection.id}").html
    browser.send(_url(case), _form(), status=403)
    browser.sign_in(case.inspector)
    assert _url(case) in browser.get(f"/inspections/{case.inspection.id}").html


def test_an_unknown_inspection_is_not_found(case: Case, browser: Browser) -> None:
    browser.sign_in(case.inspector)
    browser.get("/inspections/999999/visits/new", status=404)


def test_one_more_violation_is_added_after_the_end(case: Case, browser: Browser) -> None:
    visit = case.visit(ends_inspection=True)
    browser.sign_in(case.inspector)
    url = f"/inspections/{case.inspection.id}/violations/new"
    data = {"visit": visit.id, "finding": CUSTODY, "fact_on": "2026-11-20", "description": "旅券"}
    assert "法第48条第1項" in browser.follow(browser.send(url, data)).text
    page = Page(browser.send(url, data, status=422))
    assert "既に記録されています" in page.text
    browser.send(url, data | {"visit": 999999}, status=422)
    assert _count(case.session, Violation) == 1


def test_without_a_visit_carried_out_no_violation_can_be_added(case: Case, browser: Browser) -> None:
    browser.sign_in(case.inspector)
    browser.get(f"/inspections/{case.inspection.id}/violations/new", status=409)


def test_an_open_violation_is_escalated_on_its_own_page(case: Case, browser: Browser) -> None:
    case.order()
    visit = case.session.scalars(select(Visit)).one()
    browser.sign_in(case.manager)
    url = f"/inspections/{case.inspection.id}/violations/new"
    browser.send(url, {"visit": visit.id, "finding": CUSTODY, "fact_on": "2026-11-20", "description": "旅券"})
    instructed, opened = case.session.scalars(select(Violation).order_by(Violation.id)).all()
    page = browser.get(f"/inspections/{case.inspection.id}")
    assert f"/violations/{opened.id}/escalate" in page.html
    assert f"/violations/{instructed.id}/escalate" not in page.html
    browser.send(f"/violations/{opened.id}/escalate", {"reason": ""}, status=422)
    done = browser.follow(browser.send(f"/violations/{opened.id}/escalate", {"reason": "悪質なため"}))
    assert "悪質なため" in done.text
    browser.send(f"/violations/{instructed.id}/escalate", {"reason": "悪質なため"}, status=422)
