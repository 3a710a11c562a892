"""Components in a real browser: accessible at every width, inside the policy, and kind to hasty fingers."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import served
from tests.gallery import ERROR_PAGES, create_gallery

TARGETS = ".btn, .site-nav a, summary, .form-control, .form-select, .choice, .tabs a, .tool-link, .sort-link"
WIDTHS = (390, 768, 1024, 1280)


@pytest.fixture(scope="module")
def gallery() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Address of the running gallery, and the forms it received."""
    app = create_gallery()
    with served(app) as address:
        yield address, app.extensions["received"]


@pytest.mark.parametrize("width", WIDTHS)
def test_components_are_accessible_and_fit_the_screen(page, gallery, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery[0] + "/?errors&flash")
    for details in page.locator("details.disclosure").all():
        details.evaluate("details => { details.open = true; }")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("path", ["/sign-in", *(f"/error/{name}" for name in ERROR_PAGES)])
def test_sign_in_and_error_pages_are_accessible(page, gallery, path):
    page.goto(gallery[0] + path)
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("width", [390, 768])
def test_what_a_finger_must_hit_is_44_pixels_high(page, gallery, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery[0] + "/")
    small = page.evaluate(
        """targets => [...document.querySelectorAll(targets)]
           .filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.outerHTML)""",
        TARGETS,
    )
    assert small == []


def test_a_hasty_second_click_sends_nothing(page, gallery):
    address, received = gallery
    received.clear()
    page.goto(address + "/")
    button = page.get_by_role("button", name="検査を開始する")
    with page.expect_response("**/echo"):
        button.dblclick()
    page.wait_for_timeout(700)
    assert [form["kind"] for form in received] == ["start"]
    assert button.is_disabled()


def test_buttons_work_again_when_the_person_comes_back(page, gallery):
    page.goto(gallery[0] + "/")
    button = page.get_by_role("button", name="検査を開始する")
    with page.expect_response("**/echo"):
        button.click()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert button.is_enabled()


def test_progress_is_kept_up_to_date(page, gallery):
    page.goto(gallery[0] + "/")
    assert page.locator("[data-progress=count]").inner_text() == "120 / 400 件"
    page.locator("text=照合しています。").wait_for()
    assert page.locator("[data-progress=count]").inner_text() == "333 / 400 件"
    assert page.locator(".progress-box progress").evaluate("bar => bar.value") == 333


def test_finished_work_leads_on(page, gallery):
    state = '{"status": "done", "done": 400, "total": 400, "message": "", "redirect": "/sign-in"}'
    page.route("**/poll", lambda route: route.fulfill(body=state, content_type="application/json"))
    page.goto(gallery[0] + "/")
    page.wait_for_url("**/sign-in")


def test_unsaved_input_is_not_left_without_asking(page, gallery):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(gallery[0] + "/")
    page.goto(gallery[0] + "/sign-in")
    assert asked == []
    page.goto(gallery[0] + "/")
    page.get_by_label("所見").press_sequentially("帳簿")
    page.goto(gallery[0] + "/sign-in")
    assert asked == ["beforeunload"]


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page, gallery):
    page.goto(gallery[0] + "/?errors")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="訪問の結果：").click()
    assert page.evaluate("document.activeElement.id") == "outcome-0"


def test_pages_work_without_script(chromium, gallery):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 768, "height": 900})
    page = context.new_page()
    page.goto(gallery[0] + "/")
    page.locator("summary", has_text="メニュー").click()
    assert page.get_by_role("link", name="行政処分").is_visible()
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    context.close()
