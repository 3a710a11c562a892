"""The home pages of the demonstration as each role sees them: no barriers, nothing cut off, one tap to the work."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.auth.models import User
from otit.clock import FixedClock
from otit.demo.loading import load_demo
from otit.demo.people import DOCUMENTED
from tests.e2e.conftest import Arrive
from tests.factories import PASSWORD_HASH, TODAY

# Its services and pages are tested on both databases; here it is the browser that matters.
pytestmark = pytest.mark.one_backend

TABLET = {"width": 768, "height": 1024}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def users(session: Session) -> dict[str, User]:
    load_demo(session, FixedClock.on(TODAY))
    session.execute(sa.update(User).values(password_hash=PASSWORD_HASH))
    session.commit()
    names = [account.username for account in DOCUMENTED]
    return {user.username: user for user in session.scalars(sa.select(User).where(User.username.in_(names)))}


def test_every_home_page_is_without_barriers_on_desk_tablet_and_phone(users: dict[str, User], arrive: Arrive) -> None:
    for user in users.values():
        person = arrive(user)
        assert person.barriers() == [], user.username
        for size in (TABLET, PHONE):
            person.page.set_viewport_size(size)
            hidden = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert hidden <= 0, f"{user.username} at {size['width']}"


def test_the_inspector_starts_to_log_the_first_visit_with_one_tap(users: dict[str, User], arrive: Arrive) -> None:
    inspector = arrive(users["inspector"])
    first = inspector.main.locator(".visit-list h3").first.inner_text()
    inspector.main.get_by_role("link", name="訪問を記録する").first.click()
    assert inspector.heading == f"訪問を記録する — {first}"


def test_the_manager_reaches_the_overdue_of_one_office_from_the_chart(users: dict[str, User], arrive: Arrive) -> None:
    manager = arrive(users["manager"])
    figure = manager.main.locator("figure").filter(has_text="事務所ごとの期限超過")
    figure.get_by_text("表で見る").click()
    figure.get_by_role("link", name="名古屋事務所").click()
    assert "該当 6件" in manager.text
