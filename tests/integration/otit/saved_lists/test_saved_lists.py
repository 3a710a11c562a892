"""Kept lists: a name for the filters of a list, shared or not; what stands in it is each reader's own."""

from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.orders.states import Instrument
from otit.audit.models import AuditEvent
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation
from otit.saved_lists import services
from otit.saved_lists.models import SavedList
from otit.saved_lists.queries import MOST_ON_SHELF, visible
from otit.saved_lists.registry import cleaned, lists
from otit.saved_lists.states import Sharing
from tests.cases import statements
from tests.factories import NOW, Factories
from tests.pages import Browser, Page

IMPLEMENTING = "organizations.implementing"


def kept(session: Session, owner: User, name: str = "愛媛の休止中", sharing: Sharing = Sharing.PRIVATE) -> SavedList:
    query = "prefecture=38&status=suspended"
    return services.keep(session, owner.actor, IMPLEMENTING, query, name=name, sharing=sharing, now=NOW)


def test_a_list_is_kept_from_its_page_and_opens_with_its_filters(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get("/organizations/implementing?prefecture=38&status=suspended&q=")
    kept = [link.get("href", "") for link in page.all("a") if "保存した一覧" in "".join(link.itertext())]
    links = [link for link in kept if "list=" in link]  # the menu leads to all of them
    form = browser.get(links[0])
    assert form.hidden("query", "/saved-lists/new") == "prefecture=38&status=suspended"
    sent = {
        "name": "愛媛の休止中",
        "sharing": "private",
        "list": IMPLEMENTING,
        "query": "prefecture=38&status=suspended",
    }
    browser.follow(browser.send("/saved-lists/new", sent, page=links[0]))
    page = browser.get("/saved-lists")
    opened = [link.get("href") for link in page.all("a") if "".join(link.itertext()) == "愛媛の休止中"]
    assert opened == ["/organizations/implementing?prefecture=38&status=suspended"]
    browser.get(opened[0] or "")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=架空&nonsense=1&cursor=abc", {"q": "架空"}),
        ("prefecture=99&q=架空", {"q": "架空"}),
        ("status=nonsense", {}),
        ("q=&prefecture=&office=11", {"office": "11"}),
        ("", {}),
        ("once=1&version=2&csrf_token=3", {}),
    ],
)
def test_only_what_belongs_to_the_list_is_kept(browser: Browser, query: str, left: dict[str, str]) -> None:
    with browser.app.test_request_context():
        assert cleaned(IMPLEMENTING, query) == urlencode(left)


def test_either_side_keeps_its_own_instruments(browser: Browser) -> None:
    with browser.app.test_request_context():
        for instrument in Instrument:
            assert cleaned("orders.index", f"instrument={instrument.value}") == f"instrument={instrument.value}"


def test_every_state_stays_every_state(browser: Browser) -> None:
    with browser.app.test_request_context():
        assert cleaned("inspections.index", "state=&q=") == "state="


@pytest.mark.parametrize(
    "endpoint", ["auth.sign_out", "https://example.com/", "organizations.detail", "nonsense", "admin.users"]
)
def test_nothing_but_a_list_can_be_kept(browser: Browser, factories: Factories, endpoint: str) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    browser.get(f"/saved-lists?{urlencode({'list': endpoint})}", status=404)
    browser.get("/saved-lists?list=inspections.index")
    sent = {"name": "名前", "sharing": "private", "list": endpoint, "query": ""}
    browser.send("/saved-lists/new", sent, page="", status=404)


def test_a_list_that_one_may_not_open_cannot_be_kept(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.LABOUR_STANDARDS))
    browser.get("/saved-lists?list=organizations.implementing", status=404)
    browser.get("/saved-lists?list=joint.index")


def test_every_list_in_the_registry_is_a_page_and_offers_the_way(browser: Browser, factories: Factories) -> None:
    roles = {"joint.index": Role.LABOUR_STANDARDS}
    with browser.app.test_request_context():
        addresses = {one: browser.app.url_map.bind("").build(one) for one in lists()}
    assert len(addresses) >= 9
    for endpoint, address in addresses.items():
        browser.sign_in(factories.user(roles.get(endpoint, Role.MANAGER)))
        page = browser.get(address)
        assert any("/saved-lists?list=" in link.get("href", "") for link in page.all("a")), address


def test_what_is_shared_is_seen_by_those_it_is_shared_with(session: Session, factories: Factories) -> None:
    owner = factories.user(Role.MANAGER, office_code="11")
    for sharing in Sharing:
        kept(session, owner, sharing.value, sharing)
    readers = {
        "owner": (owner, set(Sharing)),
        "same office": (factories.user(Role.INSPECTOR), {Sharing.OFFICE, Sharing.EVERYBODY}),
        "other office": (factories.user(Role.INSPECTOR, office_code="08"), {Sharing.EVERYBODY}),
        "headquarters": (factories.user(Role.READ_ONLY), {Sharing.EVERYBODY}),
        "labour": (factories.user(Role.LABOUR_STANDARDS), {Sharing.EVERYBODY}),
    }
    for name, (reader, expected) in readers.items():
        seen = session.scalars(sa.select(SavedList.sharing).where(visible(reader.actor))).all()
        assert set(seen) == expected, name


def shelf(page: Page) -> dict[str, tuple[str, bool]]:
    """{words: (address, whether the list is filtered so)} of what stands near the filters."""
    found = [one for one in page.all("nav") if "shelf" in (one.get("class") or "").split()]
    items = [item for nav in found for item in nav.iter() if item.tag.endswith("li")]
    links = [(item, next(one for one in item.iter() if one.tag.endswith("a"))) for item in items]
    return {"".join(li.itertext()): (a.get("href") or "", a.get("aria-current") == "page") for li, a in links}


def test_the_list_itself_shows_what_was_kept_for_it_ones_own_first(
    browser: Browser, session: Session, factories: Factories
) -> None:
    reader, other = (factories.user(Role.INSPECTOR, office_code="11", display_name=name) for name in ("自分", "同僚"))
    kept(session, other, "あ", Sharing.OFFICE)
    kept(session, other, "い")  # nobody else's business
    kept(session, factories.user(Role.MANAGER, office_code="08"), "う", Sharing.OFFICE)
    kept(session, reader, "え")
    services.keep(session, reader.actor, "plans.index", "number=26", name="お", sharing=Sharing.PRIVATE, now=NOW)
    session.commit()
    browser.sign_in(reader)
    url = "/organizations/implementing?prefecture=38&status=suspended"
    assert shelf(browser.get("/organizations/implementing")) == {"え": (url, False), "あ（同僚）": (url, False)}
    page = browser.get("/organizations/implementing?q=&prefecture=38&status=suspended&office=")
    assert [here for _url, here in shelf(page).values()] == [True, True]
    assert shelf(browser.get("/plans")) == {"お": ("/plans?number=26", False)}
    assert shelf(browser.get("/organizations/supervising")) == {}


def test_the_shelf_is_one_statement_and_never_long(browser: Browser, session: Session, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.MANAGER)).get("/organizations/implementing")
    with statements() as sent:
        browser.get("/organizations/implementing")
    assert len([one for one in sent if "saved_lists" in one]) == 1
    bare = len(sent)
    assert bare <= 8
    for number in range(MOST_ON_SHELF + 1):
        kept(session, factories.user(), f"一覧{number}", Sharing.EVERYBODY)
    session.commit()
    with statements() as sent:
        page = browser.get("/organizations/implementing")
    assert len(sent) == bare
    assert len(shelf(page)) == MOST_ON_SHELF


def test_headquarters_shares_with_headquarters(session: Session, factories: Factories) -> None:
    kept(session, factories.user(Role.MANAGER), sharing=Sharing.OFFICE)
    for role, count in ((Role.READ_ONLY, 1), (Role.INSPECTOR, 0), (Role.LABOUR_STANDARDS, 0)):
        seen = session.scalars(sa.select(SavedList).where(visible(factories.user(role).actor))).all()
        assert len(seen) == count, role


def test_what_a_reader_sees_in_a_shared_list_is_their_own_scope(
    browser: Browser, session: Session, factories: Factories
) -> None:
    factories.organization(name="松山の縫製", status="suspended")
    kept(session, factories.user(Role.MANAGER), sharing=Sharing.EVERYBODY)
    browser.sign_in(factories.user(Role.INSPECTOR, office_code="08"))
    page = browser.get("/saved-lists")
    opened = [link.get("href", "") for link in page.all("a") if "".join(link.itertext()) == "愛媛の休止中"]
    assert "松山の縫製" not in browser.get(opened[0]).text


def test_one_name_once_for_each_list(session: Session, factories: Factories) -> None:
    owner = factories.user()
    kept(session, owner)
    with pytest.raises(RuleViolation) as refused:
        kept(session, owner)
    assert refused.value.field == "name"
    kept(session, factories.user())


def test_a_labour_officer_shares_with_no_office(session: Session, factories: Factories) -> None:
    with pytest.raises(RuleViolation):
        kept(session, factories.user(Role.LABOUR_STANDARDS), sharing=Sharing.OFFICE)


def test_the_owner_renames_and_deletes_a_manager_deletes_what_their_office_shares(
    session: Session, factories: Factories
) -> None:
    owner = factories.user(Role.INSPECTOR)
    manager, elsewhere = factories.user(office_code="11"), factories.user(office_code="08")
    mine, shared = kept(session, owner), kept(session, owner, "共有", Sharing.OFFICE)
    for other in (manager, elsewhere, factories.user(Role.INSPECTOR)):
        with pytest.raises(NotPermitted):
            services.rename(session, other.actor, shared, "別の名前")
        with pytest.raises(NotPermitted):
            services.delete(session, other.actor, mine)
    with pytest.raises(NotPermitted):
        services.delete(session, elsewhere.actor, shared)
    services.rename(session, owner.actor, mine, "新しい名前")
    services.delete(session, manager.actor, shared)
    services.delete(session, owner.actor, mine)
    session.commit()
    assert session.scalars(sa.select(SavedList)).all() == []
    acts = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    kinds = [act for act in acts if act.startswith("saved_list.")]
    assert kinds == [f"saved_list.{act}" for act in ("kept", "kept", "renamed", "deleted", "deleted")]


def test_pages_of_renaming_and_deleting(browser: Browser, session: Session, factories: Factories) -> None:
    owner = factories.user(Role.READ_ONLY)
    saved = kept(session, owner)
    browser.sign_in(owner)
    browser.send(f"/saved-lists/{saved.id}/rename", {"name": ""}, status=422)
    browser.follow(browser.send(f"/saved-lists/{saved.id}/rename", {"name": "新しい名前"}))
    assert browser.last is not None
    assert "新しい名前" in browser.last.text
    page = browser.follow(browser.send(f"/saved-lists/{saved.id}/delete"))
    assert "新しい名前" not in page.text
    browser.sign_in(factories.user(Role.MANAGER))
    other = kept(session, owner)
    browser.get(f"/saved-lists/{other.id}/delete", status=404)
