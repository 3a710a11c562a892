"""Duplicates on screen: the list, a pair side by side, the merge with its preview, the redirect, the undo."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.states import LicenseClass
from organizations.merging.clashes import clashes
from organizations.merging.models import DuplicateCandidate, OrganizationMerge
from organizations.merging.standing import SHOWN, standing
from organizations.merging.states import CandidateState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.jobs.models import JobRun
from otit.law.terms import Scheme
from tests.cases import statements
from tests.factories import TODAY, Factories
from tests.merging import Twins
from tests.pages import Browser, Page

LIST = "/duplicates"


def names(page: Page) -> list[str]:
    rows = (cell for cell in page.all("th") if cell.get("scope") == "row")
    return [" ".join(" ".join(cell.itertext()).split()) for cell in rows]


def paired(factories: Factories, first: Organization, second: Organization, score: int = 90) -> DuplicateCandidate:
    pair = DuplicateCandidate(
        first_id=first.id, second_id=second.id, score=score, reasons=["same_name", "alike_address"], found_on=TODAY
    )
    return factories.add(pair)


@pytest.fixture
def manager(factories: Factories) -> User:
    return factories.user(Role.MANAGER, office_code="11")


@pytest.fixture
def pair(session: Session, factories: Factories, manager: User) -> DuplicateCandidate:
    twins = Twins(session, factories, manager)
    other = twins.implementing("架空縫製株式会社", phone="089-000-0001", representative="架空太郎")
    pair = paired(factories, other, twins.implementing("株式会社架空縫製", representative="架空次郎"))
    session.commit()
    return pair


def merge_url(kept: Organization, duplicate: Organization) -> str:
    return f"/duplicates/merges/new?kept={kept.id}&duplicate={duplicate.id}"


def send_merge(browser: Browser, kept: Organization, duplicate: Organization, **data: str) -> Page:
    page = browser.get(merge_url(kept, duplicate))
    hidden = {"seen": page.hidden("seen"), "once": page.hidden("once")}
    return browser.follow(browser.send(merge_url(kept, duplicate), hidden | {"reason": "二重登録"} | data))


def test_the_list_goes_by_likeness_within_the_scope_of_either_office(browser: Browser, factories: Factories) -> None:
    here = [factories.organization(name=f"架空{n}社") for n in range(3)]
    there = [factories.organization(name=f"例示{n}社", prefecture_code="13") for n in range(2)]
    paired(factories, here[0], here[1], 80)
    paired(factories, here[2], there[0], 95)
    paired(factories, there[0], there[1], 99)
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    page = browser.get(LIST)
    assert names(page) == ["架空2社 例示0社", "架空0社 架空1社"]
    assert "該当 2 件" in page.text
    assert "名称が同じ" in page.text
    assert names(browser.get(LIST, office="03")) == ["架空2社 例示0社"]
    assert names(browser.get(LIST, kind="supervising")) == []
    assert names(browser.get(LIST, state="distinct")) == []
    browser.sign_in(factories.user(Role.MANAGER))
    assert len(names(browser.get(LIST, kind="implementing", state="open"))) == 3


def test_open_pairs_of_a_merged_body_are_not_listed(browser: Browser, factories: Factories) -> None:
    kept, gone, third = (factories.organization() for _ in range(3))
    gone.merged_into_id = kept.id
    paired(factories, gone, third)
    browser.sign_in(factories.user(Role.MANAGER))
    assert names(browser.get(LIST)) == []


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY, Role.INTERNATIONAL, Role.LABOUR_STANDARDS])
def test_only_who_maintains_the_register_sees_pairs(
    browser: Browser, factories: Factories, pair: DuplicateCandidate, role: Role
) -> None:
    browser.sign_in(factories.user(role))
    for url in (LIST, f"{LIST}/{pair.id}", merge_url(pair.first, pair.second)):
        browser.get(url, status=403)


def test_another_office_sees_neither_pair_nor_merge(
    browser: Browser, factories: Factories, pair: DuplicateCandidate, manager: User, session: Session
) -> None:
    browser.sign_in(manager)
    send_merge(browser, pair.first, pair.second)
    done = session.scalars(sa.select(OrganizationMerge)).one()
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    urls = [f"{LIST}/{pair.id}", f"{LIST}/{pair.id}/distinct", f"{LIST}/merges/{done.id}"]
    for url in [*urls, f"{LIST}/merges/{done.id}/undo", merge_url(pair.first, pair.second)]:
        browser.get(url, status=404)
    assert names(browser.get(LIST)) == []


def test_a_button_asks_for_the_search(browser: Browser, session: Session, manager: User) -> None:
    browser.sign_in(manager).send("/duplicates/find", page=LIST)
    run = session.scalars(sa.select(JobRun)).one()
    assert (run.kind, run.user_id) == ("find-duplicates", manager.id)


def test_a_pair_is_shown_side_by_side_with_what_differs_and_what_hangs_on_each(
    browser: Browser, pair: DuplicateCandidate, manager: User
) -> None:
    page = browser.sign_in(manager).get(f"{LIST}/{pair.id}")
    assert page.heading == "重複の候補：架空縫製株式会社 と 株式会社架空縫製 — 未確認"
    rows = {" ".join("".join(row.itertext()).split()) for row in page.all("tr")}
    assert any(row.startswith("電話") and "089-000-0001" in row and row.endswith("一方が未登録") for row in rows)
    assert any(row.startswith("代表者") and row.endswith("異なる") for row in rows)
    assert any(row.startswith("都道府県") and row.endswith("同じ") for row in rows)
    assert "技能実習計画（実習実施者） 1（1）1（1）" in rows


def test_two_bodies_are_told_apart_with_a_reason_and_that_can_be_taken_back(
    browser: Browser, session: Session, pair: DuplicateCandidate, manager: User
) -> None:
    url = f"{LIST}/{pair.id}"
    browser.sign_in(manager).send(f"{url}/distinct", {"reason": ""}, status=422)
    browser.send(f"{url}/distinct", {"reason": "隣の別会社"})
    session.refresh(pair)
    assert pair.state is CandidateState.DISTINCT
    page = browser.get(url)
    assert "隣の別会社" in page.text
    assert "統合の内容を確かめる" not in page.text
    assert "別の団体と判断されています" in browser.get(merge_url(pair.first, pair.second)).text
    browser.send(f"{url}/reconsider", page=url)
    session.refresh(pair)
    assert pair.state is CandidateState.OPEN


def test_the_preview_says_what_moves_and_the_old_address_leads_to_the_kept_body(
    browser: Browser, session: Session, pair: DuplicateCandidate, manager: User
) -> None:
    duplicate, kept = pair.first, pair.second
    page = browser.sign_in(manager).get(merge_url(kept, duplicate))
    for words in ("残る登録に移る記録", "役員", "実地検査", "端緒", "残る登録に補われる事項", "089-000-0001"):
        assert words in page.text
    record = send_merge(browser, kept, duplicate)
    assert record.heading == "登録の統合：株式会社架空縫製 — 統合済"
    assert "二重登録" in record.text
    answer = browser.client.get(f"/organizations/{duplicate.id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/organizations/{kept.id}")
    shown = browser.get(f"/organizations/{kept.id}").text
    assert "統合済：次の登録もこの団体です。" in shown
    assert "架空縫製株式会社" in shown
    assert names(browser.get(LIST, state="merged"))
    done = session.scalars(sa.select(OrganizationMerge)).one()
    browser.send(f"{LIST}/merges/{done.id}/undo", {"reason": ""}, status=422)
    back = browser.follow(browser.send(f"{LIST}/merges/{done.id}/undo", {"reason": "別会社だった"}))
    assert back.heading.endswith("取消し済")
    assert "別会社だった" in back.text
    assert browser.get(f"/organizations/{duplicate.id}").heading.startswith("架空縫製株式会社")


def test_readers_see_the_merge_and_no_act(
    browser: Browser, factories: Factories, pair: DuplicateCandidate, manager: User
) -> None:
    browser.sign_in(manager)
    send_merge(browser, pair.second, pair.first)
    browser.sign_in(factories.user(Role.INSPECTOR))
    page = browser.get(f"/organizations/{pair.second_id}")
    link = next(a.get("href") for a in page.all("a") if "/merges/" in (a.get("href") or ""))
    assert "重複した登録を統合する" not in page.text
    assert "統合を取り消す" not in browser.get(link or "").text


def test_a_merge_needs_both_offices_or_headquarters(browser: Browser, factories: Factories, manager: User) -> None:
    here, there = factories.organization(), factories.organization(prefecture_code="13")
    pair = paired(factories, here, there)
    page = browser.sign_in(manager).get(f"{LIST}/{pair.id}")
    assert "担当事務所が異なるため、統合は本部が行います。" in page.text
    assert "統合の内容を確かめる" not in page.text
    browser.get(merge_url(here, there), status=404)
    browser.sign_in(factories.user(Role.MANAGER))
    assert "統合の内容を確かめる" in browser.get(f"{LIST}/{pair.id}").text
    send_merge(browser, here, there)


def test_the_other_row_is_found_from_the_organizations_page(
    browser: Browser, factories: Factories, manager: User
) -> None:
    body, twin = factories.organization(name="株式会社架空縫製"), factories.organization(name="架空縫製")
    factories.organization(OrganizationKind.SUPERVISING, name="架空縫製協同組合")
    factories.organization(name="架空縫製東京", prefecture_code="13")
    page = browser.sign_in(manager).get(f"/organizations/{body.id}")
    link = next(a.get("href") for a in page.all("a") if "/duplicates/new" in (a.get("href") or ""))
    assert names(browser.get(link or "")) == []
    assert names(browser.get(f"{link}&q=架空縫製")) == ["架空縫製"]
    assert "条件に合う団体はありません" in browser.get(f"{link}&q=見本").text
    assert any(a.get("href") == merge_url(body, twin) for a in browser.get(f"{link}&q=架空縫製").all("a"))


def test_what_stands_against_it_is_said_before(browser: Browser, factories: Factories) -> None:
    bodies = [factories.license().organization for _ in range(2)]
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(merge_url(*bodies))
    assert "統合できません" in page.text
    assert "法第23条" in page.text
    assert not [b for b in page.all("button") if "統合する" in "".join(b.itertext())]
    browser.send(merge_url(*bodies), {"reason": "二重登録"}, status=422, page=LIST)


def test_a_preview_that_no_longer_holds_is_refused(
    browser: Browser, factories: Factories, pair: DuplicateCandidate, manager: User, session: Session
) -> None:
    url = merge_url(pair.second, pair.first)
    seen = browser.sign_in(manager).get(url).hidden("seen")
    factories.plan(pair.first)
    answer = browser.send(url, {"reason": "二重登録", "seen": seen}, status=422)
    assert "ほかの人が" in answer.get_data(as_text=True)
    assert session.scalars(sa.select(OrganizationMerge)).all() == []


def test_pages_take_a_bounded_number_of_statements(
    browser: Browser, factories: Factories, pair: DuplicateCandidate, manager: User
) -> None:
    for _ in range(60):
        paired(factories, factories.organization(), factories.organization())
        factories.plan(pair.first)
    browser.sign_in(manager)
    most = {LIST: 3, f"{LIST}/{pair.id}": 4, merge_url(pair.first, pair.second): 13}
    for url, limit in most.items():
        browser.get(url)
        with statements() as sent:
            browser.get(url)
        assert len(sent) <= limit, sent


# --- what stands in the way -------------------------------------------------------------------------------------------


def links(page: Page) -> dict[str, str]:
    return {"".join(one.itertext()).strip(): one.get("href", "") for one in page.all("a")}


def test_the_contracts_in_the_way_are_named_with_their_dates_and_lead_to_their_end(
    browser: Browser, factories: Factories, manager: User
) -> None:
    """The other side is in another office's charge: it is named, but cannot be opened."""
    kept, duplicate = factories.organization(name="架空縫製"), factories.organization(name="架空縫製株式会社")
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空東京組合", prefecture_code="13")
    other = factories.organization(OrganizationKind.SUPERVISING, name="架空別組合")
    begun = {kept.id: date(2024, 4, 1), duplicate.id: date(2025, 7, 1)}
    own = [
        factories.add(
            Supervision(implementing_organization_id=key, supervising_organization_id=union.id, starts_on=day)
        )
        for key, day in begun.items()
    ]
    factories.add(
        Supervision(implementing_organization_id=kept.id, supervising_organization_id=other.id, starts_on=TODAY)
    )
    page = browser.sign_in(manager).get(merge_url(kept, duplicate))
    found = links(page)
    assert found["「架空縫製」と「架空東京組合」との契約（令和6年4月1日から）"] == (
        f"/organizations/{kept.id}/relations/{own[0].id}/end"
    )
    last = "「架空縫製株式会社」と「架空東京組合」との契約（令和7年7月1日から）"
    assert found[last] == f"/organizations/{duplicate.id}/relations/{own[1].id}/end"
    assert "架空別組合" not in page.text
    assert "相手方を開く" not in found
    browser.get(found[last])
    browser.sign_in(factories.user(Role.MANAGER))
    assert links(browser.get(merge_url(kept, duplicate)))["相手方を開く"] == f"/organizations/{union.id}"


def test_the_sending_organization_of_a_contract_in_the_way_is_named(
    browser: Browser, factories: Factories, manager: User
) -> None:
    kept, duplicate = (factories.organization(OrganizationKind.SUPERVISING) for _ in range(2))
    company, sender = factories.organization(name="架空鉄工"), factories.sending_organization(name="KASOU Sender")
    for body in (kept, duplicate):
        sides = {"implementing_organization_id": company.id, "supervising_organization_id": body.id}
        factories.add(Supervision(**sides, sending_organization_id=sender.id, starts_on=date(2024, 4, 1)))
    text = browser.sign_in(manager).get(merge_url(kept, duplicate)).text
    assert text.count("「架空鉄工」との契約（令和6年4月1日から、送出機関 KASOU Sender）") == 2


def test_licences_applications_and_inspections_in_the_way_are_named(
    browser: Browser, factories: Factories, manager: User
) -> None:
    kept, duplicate = (factories.organization(OrganizationKind.SUPERVISING) for _ in range(2))
    held = [factories.license(body) for body in (kept, duplicate)]
    support = {"scheme": Scheme.ESD, "license_class": LicenseClass.SUPPORT}
    support |= {"licensed_on": date(2027, 4, 1), "expires_on": date(2030, 3, 31)}
    other_scheme = factories.license(kept, **support)
    asked = [factories.application(body) for body in (kept, duplicate)]
    begun = {"state": "in_progress", "assigned_to_id": factories.user(Role.INSPECTOR).id}
    inspections = [factories.inspection(body, **begun) for body in (kept, duplicate)]
    page = browser.sign_in(manager).get(merge_url(kept, duplicate))
    urls = set(links(page).values())
    assert {f"/licenses/{one.id}" for one in held} <= urls
    assert f"/licenses/{other_scheme.id}" not in urls
    assert {f"/license-applications/{one.id}" for one in asked} <= urls
    assert f"の許可{held[0].number}（令和6年6月1日から令和9年5月31日まで）" in page.text
    assert all(one.number in page.text for one in inspections)


def test_what_is_in_the_way_is_read_by_as_many_statements_however_many_there_are(
    session: Session, factories: Factories
) -> None:
    bodies = [factories.organization() for _ in range(2)]
    for _ in range(SHOWN):
        union = factories.organization(OrganizationKind.SUPERVISING)
        for body in bodies:
            sides = {"implementing_organization_id": body.id, "supervising_organization_id": union.id}
            factories.add(Supervision(**sides, starts_on=TODAY))
    found = clashes(session, *(body.id for body in bodies))
    with statements() as sent:
        rows = standing(session, bodies, found)
    assert (len(sent), [len(one) for one in rows.values()]) == (1, [SHOWN])
