"""Charts are images with a name, safe under the content security policy, and true to their rows."""

import subprocess
import sys
from collections import Counter
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from otit.web.charts import bar_chart, line_chart, stacked_bar

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "期限を過ぎた検査", "description": "事務所別、多い順", "unit": "件"}


def bars() -> Markup:
    return bar_chart([("東京事務所", 1242), ("松山支所", 7)], **WORDS)


def stack() -> Markup:
    return stacked_bar([("取込", "新規", 30), ("取込", "誤り", 3)], tones={"誤り": "danger"}, **WORDS)


def lines() -> Markup:
    rows = [(m, s, n) for m, n in (("4月", 3), ("5月", None), ("6月", 9)) for s in ("計画", "実績")]
    return line_chart(rows, **WORDS)


def texts(drawing: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [bars, stack, lines])
def test_a_chart_carries_nothing_the_policy_refuses(draw):
    root = ElementTree.fromstring(draw())
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    names = {name for element in root.iter() for name in element.attrib}
    assert tags.isdisjoint({"style", "script", "a", "image", "foreignObject"})
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]


@pytest.mark.parametrize("draw", [bars, stack, lines])
def test_a_chart_is_one_image_named_by_its_title_and_description(draw):
    root = ElementTree.fromstring(draw())
    named_by = root.attrib["aria-labelledby"].split()
    named = {element.attrib["id"]: element.text for element in root.iter() if "id" in element.attrib}
    assert root.attrib["role"] == "img"
    assert [named[mark] for mark in named_by] == [WORDS["title"], WORDS["description"]]
    assert [element for element in root.iter() if "role" in element.attrib] == [root]


def test_ids_of_two_charts_in_one_page_never_meet():
    drawings = [bars(), stack(), lines(), bar_chart([("東京事務所", 1)], **WORDS)]
    ids = Counter(e.attrib["id"] for d in drawings for e in ElementTree.fromstring(d).iter() if "id" in e.attrib)
    assert set(ids.values()) == {1}


def test_japanese_names_and_figures_with_separator_and_unit_stay_text():
    assert {"東京事務所", "松山支所", "1,242件", "7件"} <= set(texts(bars()))


def test_bars_stand_in_the_order_given():
    shown = texts(bar_chart([("い", 1), ("あ", 9), ("う", 5)], **WORDS))
    assert [text for text in shown if text in {"い", "あ", "う"}] == ["い", "あ", "う"]


def test_a_name_can_neither_open_a_tag_nor_break_the_drawing():
    drawing = bar_chart([("<script>x</script>\x01\x0b", 3)], title="<b>", description="&", unit="件")
    assert "<script" not in drawing
    assert "<script>x</script>" in texts(drawing)


def test_a_part_that_means_something_has_the_colour_of_its_tone():
    fills = {element.attrib.get("fill") for element in ElementTree.fromstring(stack()).iter()}
    assert {"#ce0000", "#0017c1"} <= fills


def test_a_month_still_to_come_leaves_a_gap_and_draws_no_zero():
    rows = [("4月", "実績", 30), ("5月", "実績", 20), ("6月", "実績", None)]
    drawing = line_chart(rows, **WORDS)
    path = next(e for e in ElementTree.fromstring(drawing).iter() if e.attrib.get("stroke") == "#0017c1")
    assert path.attrib["d"].count("L") == 1
    assert "6月" in texts(drawing)


@pytest.mark.parametrize("draw", [bar_chart, stacked_bar, line_chart])
def test_without_rows_there_is_nothing_to_draw(draw):
    assert draw([], **WORDS) == ""


def test_the_same_rows_are_drawn_once(monkeypatch):
    first = bars()
    monkeypatch.setattr("importlib.import_module", lambda name: pytest.fail(f"{name} was asked to draw again"))
    assert bars() == first


def test_the_javascript_engine_is_not_loaded_before_the_first_chart():
    code = "import sys, otit.web.charts; print('vl_convert' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
