"""The import in the browser: upload, preview, confirm, refusals, and who may."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from imports.batches import services
from imports.batches.models import ImportBatch
from imports.batches.states import BatchState, ImportKind
from organizations.occupations.models import Occupation
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from otit.db import db
from otit.jobs import runner
from otit.jobs.models import JobRun
from tests.factories import NOW
from tests.workbooks import (
    IMPLEMENTING_HEADER,
    IMPLEMENTING_ROW,
    OCCUPATION_ROWS,
    PLAN_HEADER,
    PLAN_ROW,
    SUPERVISING_HEADER,
    SUPERVISING_ROW,
    changed,
    occupation_list,
    supervising_list,
    table_bytes,
)


def listed(*rows, change=None):
    return table_bytes([("実習実施者一覧",), IMPLEMENTING_HEADER, *rows], change)


def row(**values):
    return changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **values)


GOOD = listed(IMPLEMENTING_ROW)


def test_an_empty_page_explains_what_is_taken_and_offers_workbooks_to_fill_in(manager):
    page = manager.get("/imports")
    assert "まだ取込みはありません" in page.text
    for kind in ImportKind:
        assert kind.label in page.text
        answer = manager.client.get(f"/imports/blank/{kind.value}.xlsx")
        assert answer.status_code == 200
        assert load_workbook(io.BytesIO(answer.data)).active["A1"].value == kind.label
        assert f"filename={kind.value}.xlsx; filename*=UTF-8''%" in answer.headers["Content-Disposition"]
    manager.get("/imports/blank/other.xlsx", status=404)


def test_upload_progress_preview_confirm_applied(manager, work, session):
    response = manager.send("/imports", {"file": (io.BytesIO(GOOD), "一覧.xlsx")})
    page = manager.follow(response)
    assert page.heading == "取込26-00001 — 読込待ち"
    assert [element for element in page.tree.iter() if element.get("data-poll-url")]
    work()
    page = manager.get(response.headers["Location"])
    assert page.heading == "取込26-00001 — 確認待ち"
    assert "新規 1 件・変更 0 件を反映する" in page.text
    assert "届出受理日：令和2年4月1日" in page.text
    url = response.headers["Location"]
    confirmed = manager.send(f"{url}/confirm", page="")
    assert manager.follow(confirmed).heading == "取込26-00001 — 反映待ち"
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0
    work()
    assert manager.get(url).heading == "取込26-00001 — 反映済み"
    assert session.scalars(sa.select(Organization.name)).all() == ["株式会社架空縫製"]
    assert "取込26-00001" in manager.get("/imports").text


def test_a_change_is_shown_as_old_and_new(send, manager, session, work, latest):
    send(GOOD)
    manager.send(f"/imports/{latest().id}/confirm", page="")
    work()
    page = send(listed(row(電話番号="089-999-1111", 業種=None)))
    deleted = ["".join(one.itertext()) for one in page.all("del")]
    inserted = ["".join(one.itertext()) for one in page.all("ins")]
    assert (deleted, inserted) == (["089-999-0002", "繊維工業"], ["089-999-1111", "（空欄）"])


def test_the_same_file_again_says_that_nothing_changes(send, manager, session, work, latest):
    send(GOOD)
    manager.send(f"/imports/{latest().id}/confirm", page="")
    work()
    page = send(GOOD)
    assert page.heading == "取込26-00002 — 変更なし"
    assert "反映するものはありません" in page.text


def test_the_error_workbook_has_the_rows_as_sent_with_the_bad_cell_marked(send, manager, session, latest):
    send(listed(row(法人番号="1999900000001")))
    batch = latest()
    response = manager.send(f"/imports/{batch.id}/error-workbook", page="", status=200)
    sheet = load_workbook(io.BytesIO(response.data)).active
    assert sheet["A3"].value == "株式会社架空縫製"
    assert "検査用数字" in sheet["E3"].comment.text
    assert sheet["A3"].comment is None
    assert session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == (
        "import.error_workbook"
    )


def test_a_clean_batch_has_no_error_workbook(send, manager, session, latest):
    send(GOOD)
    manager.send(f"/imports/{latest().id}/error-workbook", page="", status=409)


def test_a_double_click_on_confirm_applies_once(send, manager, session, work, latest):
    page = send(GOOD)
    url = f"/imports/{latest().id}/confirm"
    data = {name: page.hidden(name, url) for name in ("csrf_token", "once", "version", "sha256")}
    first, second = manager.client.post(url, data=data), manager.client.post(url, data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert session.scalar(sa.select(sa.func.count()).select_from(JobRun).where(JobRun.kind == "apply-import")) == 1
    work()
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 1


def test_a_second_person_who_confirms_is_told_what_happened(send, manager, browser, factories, session, app, latest):
    page = send(GOOD)
    url = f"/imports/{latest().id}/confirm"
    values = {name: page.hidden(name, url) for name in ("version", "sha256")}
    manager.send(url, page="")
    other = type(browser)(app).sign_in(factories.user(Role.ADMINISTRATOR))
    other.get("/imports")
    answer = other.send(url, values, page="", status=409)
    assert "ほかの人がこの記録を変更しました" in answer.get_data(as_text=True)
    assert session.scalar(sa.select(sa.func.count()).select_from(JobRun).where(JobRun.kind == "apply-import")) == 1


def test_withdrawing_leaves_the_register_alone(send, manager, session, latest):
    send(GOOD)
    response = manager.send(f"/imports/{latest().id}/reject", page="")
    assert manager.follow(response).heading.endswith("取りやめ")
    assert latest().state is BatchState.REJECTED


def test_a_stale_batch_lists_its_rows_and_can_be_read_again(send, manager, session, work):
    send(GOOD)
    send(GOOD)
    first, second = session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id)).all()
    for one in (first, second):
        manager.get(f"/imports/{one.id}")
        manager.send(f"/imports/{one.id}/confirm", page="")
    work()
    page = manager.get(f"/imports/{second.id}")
    assert page.heading.endswith("取込不可")
    assert "1件がプレビューのとおりに反映できません" in page.text
    assert "プレビューの後に登録簿の内容が変わりました。" in page.text
    response = manager.send(f"/imports/{second.id}/again", page="")
    work()
    assert manager.follow(response).heading == "取込26-00003 — 変更なし"


def test_a_job_that_failed_says_so_and_offers_to_try_again(manager, work, session, monkeypatch):
    response = manager.send("/imports", {"file": (io.BytesIO(GOOD), "一覧.xlsx")})
    monkeypatch.setattr(services.reading, "open_workbook", lambda *_args: 1 / 0)
    for _ in range(3):
        work()
    page = manager.get(response.headers["Location"])
    assert "処理が完了しませんでした" in page.text
    assert "もう一度実行する" in page.text
    monkeypatch.undo()
    run = session.scalars(sa.select(JobRun)).one()
    manager.send(f"/jobs/{run.id}/retry", page="")
    work()
    assert manager.get(response.headers["Location"]).heading.endswith("確認待ち")


def test_an_apply_job_killed_half_way_keeps_nothing_and_is_done_by_the_next_attempt(
    send, manager, session, work, monkeypatch, latest
):
    send(GOOD)
    batch = latest()
    manager.send(f"/imports/{batch.id}/confirm", page="")

    def die(*_args, **_values):
        raise SystemExit("killed")

    monkeypatch.setattr(services, "record_bulk", die)
    with pytest.raises(SystemExit):
        work()
    session.rollback()
    session.expire_all()
    assert batch.state is BatchState.CONFIRMED
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0
    monkeypatch.undo()
    run = session.get_one(JobRun, batch.run_id)
    runner.settle(db.engine, None, run.id, run.attempts, runner.Outcome.LOST, runner.LOST, {})
    work()
    assert batch.state is BatchState.APPLIED
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 1


def test_rows_are_filtered_by_verdict_and_paged(send, manager, session, latest):
    rows = [row(届出受理番号=f"17110{n:05d}", 住所=f"愛媛県架空市{n}") for n in range(70)]
    rows[60] = row(届出受理番号="1711099999", 住所="架空県1")
    page = send(listed(*rows))
    url = f"/imports/{latest().id}"
    assert page.text.index("住所が都道府県名から") < page.text.index("1711000000")
    assert "1711000069" not in page.text
    only = manager.get(url, verdict="error")
    assert "1711000000" not in only.text
    following = next(one.get("href") for one in page.all("a") if one.get("rel") == "next")
    assert "1711000069" in manager.get(following).text
    assert "この判定の行はありません" in manager.get(url, verdict="changed").text


def links(page, beginning):
    found = [(one.get("href"), "".join(one.itertext())) for one in page.all("a")]
    return [(address, text) for address, text in found if address.startswith(beginning)]


def test_the_rows_of_an_applied_list_lead_to_what_they_made(manager, desk, session, factories):
    union = factories.organization(OrganizationKind.SUPERVISING, name="みかん山協同組合")
    factories.license(union, licensed_on=date(2017, 11, 1), expires_on=date(2027, 10, 31))
    before = desk.read(GOOD)
    assert links(manager.get(f"/imports/{before.id}"), "/organizations/1") == []
    company = desk.bring_in(GOOD)
    body = session.scalars(sa.select(Organization).filter_by(name=IMPLEMENTING_ROW[0])).one()
    assert links(manager.get(f"/imports/{company.id}"), "/organizations/") == [
        *links(manager.get("/imports"), "/organizations/"),
        (f"/organizations/{body.id}", IMPLEMENTING_ROW[0]),
    ]
    plans = desk.bring_in(table_bytes([PLAN_HEADER, PLAN_ROW]))
    (plan,) = session.scalars(sa.select(TrainingPlan)).all()
    assert (f"/plans/{plan.id}", "認1711001206") in links(manager.get(f"/imports/{plans.id}"), "/plans/")
    occupations = desk.bring_in(occupation_list(*OCCUPATION_ROWS))
    first = session.scalars(sa.select(Occupation).order_by(Occupation.id)).first()
    page = manager.get(f"/imports/{occupations.id}")
    assert (f"/occupations/{first.id}", "型枠施工") in links(page, "/occupations/")
    known = desk.read(GOOD)  # what is in the register already is led to before anything is applied
    assert (f"/organizations/{body.id}", IMPLEMENTING_ROW[0]) in links(
        manager.get(f"/imports/{known.id}"), "/organizations/"
    )


def test_the_preview_costs_a_fixed_number_of_statements(send, manager, session, latest):
    rows = [row(届出受理番号=f"17110{n:05d}", 住所=f"愛媛県架空市{n}") for n in range(60)]
    send(listed(*rows))
    url = f"/imports/{latest().id}"
    for address, most in ((url, 4), ("/imports", 4)):
        statements = []

        def note(connection, cursor, statement, parameters, context, many, statements=statements):
            statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        manager.get(address)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        assert len(statements) <= most, statements


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY, Role.INTERNATIONAL, Role.LABOUR_STANDARDS])
def test_others_see_nothing_of_it(browser, factories, role):
    browser.sign_in(factories.user(role))
    browser.get("/imports", status=403)


def test_a_manager_of_an_office_is_told_who_imports(browser, factories, session, desk):
    batch = desk.read(GOOD)
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    assert [link for link in browser.get("/").all("a") if link.get("href") == "/imports"] == []
    for address in ("/imports", f"/imports/{batch.id}"):
        page = browser.get(address, status=403)
        assert "本部の職員だけが行えます" in page.text
        assert batch.number not in page.text
    answer = browser.send("/imports", {"file": (io.BytesIO(GOOD), "a.xlsx")}, page="", status=403)
    assert "本部の職員だけが行えます" in answer.get_data(as_text=True)


def test_an_unknown_batch_is_not_found(manager):
    manager.get("/imports/999", status=404)


def test_csv_is_taken_too(send, session):
    lines = [",".join(IMPLEMENTING_HEADER), ",".join(str(value or "") for value in IMPLEMENTING_ROW)]
    page = send("\r\n".join(lines).encode("cp932"), "一覧.csv")
    assert page.heading.endswith("確認待ち")


def test_now_is_the_moment_of_the_upload(send, session, latest):
    send(GOOD)
    assert latest().uploaded_at == NOW


def places(page):
    """{what the first cell of a row of the preview says: the whole row}"""
    texts = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    return {cells[0]: " ".join(cells) for cells in texts if cells[0].startswith("一覧 ")}


@pytest.mark.parametrize(("number", "said"), [("1711000002", "名称の記載なし"), (None, "名称も番号も記載なし")])
def test_a_row_without_a_name_is_known_by_its_place_in_the_sheet(send, number, said):
    nameless = row(実習実施者名=None, 届出受理番号=number)
    shown = places(send(listed(nameless, IMPLEMENTING_ROW)))
    assert list(shown) == ["一覧 3行目", "一覧 4行目"]
    assert said in shown["一覧 3行目"]
    assert "記載なし" not in shown["一覧 4行目"]


def test_what_a_nameless_row_adds_to_the_one_above_says_where_it_stands(send):
    extra = tuple("架空国" if n == 1 else None for n in range(len(SUPERVISING_HEADER)))
    stray = tuple("愛媛県架空市1" if name == "住所" else None for name in SUPERVISING_HEADER)
    shown = places(send(supervising_list(SUPERVISING_ROW, stray, extra), "監理団体.xlsx"))
    assert list(shown) == ["一覧 4行目"]
    assert "5行目（名称の記載がない続きの行）" in shown["一覧 4行目"]
