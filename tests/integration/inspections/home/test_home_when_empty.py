"""Before there is any data each role still gets a page that says what to do."""

import pytest

from otit.auth.permissions import Role
from tests.factories import Factories
from tests.pages import Browser

WORDS = {
    Role.INSPECTOR: "本日の訪問の予定はありません",
    Role.MANAGER: "期限を過ぎた検査はありません",
    Role.LABOUR_STANDARDS: "これからの合同検査はありません",
    Role.INTERNATIONAL: "回答を待つ通報はありません",
    Role.ADMINISTRATOR: "失敗した処理はありません",
    Role.READ_ONLY: "期限超過0件",
}


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_home_page_says_what_to_do(browser: Browser, factories: Factories, role: Role) -> None:
    assert WORDS[role] in browser.sign_in(factories.user(role)).get("/").text


def test_a_manager_of_an_office_without_work_gets_a_page(browser: Browser, factories: Factories) -> None:
    page = browser.sign_in(factories.user(Role.MANAGER, office_code="11")).get("/")
    assert "期限超過なし" in page.heading


def test_nobody_sees_it_without_signing_in(browser: Browser) -> None:
    response = browser.client.get("/")
    assert response.status_code == 302
    assert "/sign-in" in response.headers["Location"]
