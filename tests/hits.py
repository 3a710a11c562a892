"""What the search of everything answers."""

from urllib.parse import quote

from tests.pages import Browser, Page


def found(page: Page) -> list[str]:
    """The links of the hits."""
    lists = [one for one in page.all("ul") if one.get("class") == "search-hits"]
    return [
        "".join(link.itertext())
        for one in lists
        for link in one.iter()
        if link.tag.endswith("}a") and not link.get("aria-label")
    ]


def leads_to(browser: Browser, text: str) -> str:
    answer = browser.client.get(f"/search?q={quote(text)}")
    return answer.headers["Location"] if answer.status_code == 303 else ""
