"""Taking lists into the register through the pages."""

import re

from tests.people import Person

TAB = re.compile(r"(?P<name>[^（(]+?)\s*[（(](?P<count>\d+)[）)]")


def upload(person: Person, filename: str, content: bytes, state: str) -> Person:
    """Upload a file, watch it being read, and come to its preview with this state."""
    person.open("/imports").attach("ファイル", filename, content).press("アップロードして読み込む")
    return person.wait_for(state)


def take_in(person: Person, filename: str, content: bytes, new: int) -> Person:
    """The whole way: upload, preview of nothing but new rows, confirmation, applied."""
    upload(person, filename, content, "確認待ち")
    assert verdicts(person) == {"すべて": new, "新規": new, "変更": 0, "変更なし": 0, "誤り": 0}, person.text
    person.press(f"新規 {new} 件・変更 0 件を反映する")
    return person.wait_for("反映済み")


def verdicts(person: Person) -> dict[str, int]:
    """The tabs of the preview with the number of their rows."""
    texts = person.main.locator(".tabs a").all_inner_texts()
    found = {match["name"]: int(match["count"]) for text in texts if (match := TAB.match(text.strip()))}
    assert len(found) == len(texts), texts
    return found
