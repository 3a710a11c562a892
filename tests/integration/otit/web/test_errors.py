"""Error pages say what happened, for requests that nobody makes by clicking as well."""

import pytest

from otit.auth.permissions import Role
from tests.factories import Factories
from tests.pages import Browser


@pytest.fixture
def administrator(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.ADMINISTRATOR))


def test_opening_the_address_of_an_act_is_no_fault_of_the_system(administrator: Browser) -> None:
    page = administrator.get("/admin/audit/verify", status=405)
    assert page.heading == "送信された内容を読み取れませんでした"


@pytest.mark.parametrize("key", ["0", "2147483648", "9223372036854775808", "9" * 60, "1%00"])
def test_a_number_that_names_no_record_is_answered_so(administrator: Browser, key: str) -> None:
    assert administrator.client.get(f"/admin/users/{key}").status_code in (400, 404)


def test_a_broken_referrer_breaks_nothing(administrator: Browser) -> None:
    assert administrator.client.get("/nothing", headers={"Referer": "http://["}).status_code == 404
