"""What the reader's language changes in messages, menus and brackets; the English catalog is the real one."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from flask import Flask
from flask_babel import Babel

from inspections.dispositions.rules import check_grounds, grounds_for
from inspections.dispositions.states import DispositionKind
from inspections.orders.states import Instrument
from organizations.register.states import OrganizationKind
from otit.errors import RuleViolation
from otit.labels import Bilingual
from otit.web.messages import explain, translate
from otit.web.templating import aside, menu_label
from scripts.translations import files, read

Reader = Callable[[str], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("translations")
    for path in files():
        target = folder / path.parent.parent.name / "LC_MESSAGES"
        target.mkdir(parents=True)
        with (target / "messages.mo").open("wb") as file:
            write_mo(file, read(path))
    return _reader(folder)


def _reader(folder: Path) -> Reader:
    @contextmanager
    def reading(language: str) -> Iterator[None]:
        app = Flask(__name__)
        Babel(app, locale_selector=lambda: language, default_translation_directories=str(folder))
        with app.test_request_context("/"):
            yield

    return reading


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "改善勧告を交付（期限 令和8年12月24日）"),
        ("en", "Improvement recommendation issued (due 2026-12-24)"),
    ],
)
def test_labels_and_dates_in_a_message_follow_the_reader(reader: Reader, language: str, text: str) -> None:
    params = {"instrument": Instrument.IMPROVEMENT_RECOMMENDATION, "due": date(2026, 12, 24)}
    with reader(language):
        assert translate("%(instrument)sを交付（期限 %(due)s）", params) == text


@pytest.mark.parametrize(("language", "citation"), [("ja", "（法第37条第3項）"), ("en", " (Art. 37(3))")])
def test_a_refusal_names_its_provision_in_the_language_of_the_reader(
    reader: Reader, language: str, citation: str
) -> None:
    with reader(language):
        assert explain(RuleViolation("国を選んでください。", citation="法第37条第3項")).endswith(citation)


@pytest.mark.parametrize(
    ("language", "citation"),
    [("ja", "法第36条第1項"), ("en", "Art. 36(1)")],
)
def test_a_ground_of_another_kind_is_named_in_the_language_of_the_reader(
    reader: Reader, language: str, citation: str
) -> None:
    grounds = grounds_for(OrganizationKind.SUPERVISING, DispositionKind.IMPROVEMENT_ORDER)[:1]
    with pytest.raises(RuleViolation) as refused:
        check_grounds(grounds, OrganizationKind.SUPERVISING, DispositionKind.LICENSE_REVOCATION, on=date(2026, 11, 22))
    assert "法第36条第1項" in str(refused.value)
    with reader(language):
        assert explain(refused.value).startswith(citation)


def test_text_made_in_both_languages_is_japanese_by_itself() -> None:
    assert str(Bilingual("法第17条", "Art. 17")) == "法第17条"


@pytest.mark.parametrize(
    ("language", "menu", "word"),
    [("ja", "監理団体", "監理団体"), ("en", "Supervising organizations", "Supervising organization")],
)
def test_a_list_is_named_by_its_plural_and_one_record_by_its_singular(
    reader: Reader, language: str, menu: str, word: str
) -> None:
    with reader(language):
        assert menu_label("監理団体") == menu
        assert translate("監理団体") == word


def test_a_menu_entry_without_a_plural_of_its_own_is_translated_as_elsewhere(reader: Reader) -> None:
    with reader("en"):
        assert menu_label("処理の状況") == "Job health"


@pytest.mark.parametrize(("language", "text"), [("ja", "（あと5日）"), ("en", " (あと5日)")])
def test_an_aside_stands_in_the_brackets_of_the_language(reader: Reader, language: str, text: str) -> None:
    with reader(language):
        assert aside("あと5日") == text


def test_an_aside_escapes_what_it_holds(reader: Reader) -> None:
    with reader("en"):
        assert aside("<b>") == " (&lt;b&gt;)"


def test_japanese_texts_have_japanese_brackets_and_colons() -> None:
    texts = [one.id if isinstance(one.id, str) else one.id[0] for path in files() for one in read(path)]
    bare = {text: re.sub(r"%\(\w+\)[sd]", "", text) for text in texts if re.search("[ぁ-ん]", text)}
    assert bare
    assert [text for text, left in bare.items() if re.search(r"[ぁ-ん一-龠」]: |[()]", left)] == []
