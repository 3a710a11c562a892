"""Charts as inline SVG, drawn on the server by Vega-Lite (vl-convert) and safe under a policy without inline style.

Each function takes plain rows and returns the drawing; the page shows the same rows as a table beside it (macro
`chart` in templates/components/story.html). Without rows there is nothing to draw, and the macro says so. Texts come in
already translated.
"""

import hashlib
import importlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

Row = tuple[str, float]

ACTION, DANGER, WARNING, SUCCESS, GREY = "#0017c1", "#ce0000", "#c74700", "#197a4b", "#767676"
TONES = {"info": ACTION, "danger": DANGER, "warning": WARNING, "success": SUCCESS, "neutral": GREY}
# Series after series, each at least 3 : 1 against paper; white seams (bars) and dashes (lines) part them in grey print.
SERIES = (ACTION, WARNING, SUCCESS, "#333333", "#927200", GREY)

_SVG = "http://www.w3.org/2000/svg"
_VEGA_LITE = "6.4"  # pinned: another version may move every label
_WIDTH = 440  # px of the plotting area; a telephone scales the drawing down, and its words must stay legible
_FONT = "Noto Sans JP, Noto Sans CJK JP, Hiragino Sans, Yu Gothic UI, Meiryo, sans-serif"
_DROPPED = ("class", "role", "aria-", "pointer-events", "font-family")  # the type is the page's
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": 400,
        "labelColor": "#333333",
        "titleColor": "#4d4d4d",
        "gridColor": "#e6e6e6",
        "domainColor": "#767676",
        "tickColor": "#767676",
        "labelLimit": 220,
        "labelPadding": 8,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": 14,
        "labelColor": "#333333",
        "labelLimit": 220,
        "symbolSize": 200,
        "symbolStrokeWidth": 3,
    },
}


def bar_chart(
    rows: Sequence[Row], *, title: str, description: str, unit: str, tone: str = "info", width: int = _WIDTH
) -> Markup:
    """One horizontal bar for each (name, figure) in the order given, with the figure and its unit at its end. `width`
    is that of the plotting area, in px."""
    values = [{"name": _text(name), "figure": value, "label": f"{value:,}{unit}"} for name, value in rows]
    bars = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False}}
    figure = {"field": "figure", "type": "quantitative", "stack": None, "axis": None}
    label = {"type": "text", "align": "left", "dx": 6, "fontSize": 14, "color": "#333333"}
    spec = {
        "data": {"values": values},
        "width": width,
        "height": {"step": 32},
        "encoding": {"y": bars, "x": figure},
        "layer": [
            {"mark": {"type": "bar", "color": TONES[tone], "height": {"band": 0.7}}},
            {"mark": label, "encoding": {"text": {"field": "label"}}},
        ],
    }
    return _draw(spec, title, description)


def stacked_bar(
    rows: Sequence[tuple[str, str, float]],
    *,
    title: str,
    description: str,
    unit: str,
    tones: Mapping[str, str] | None = None,
    width: int = _WIDTH,
) -> Markup:
    """Bars of parts: (bar, part, figure). Bars and parts stand in the order of their first appearance.

    `tones` gives parts that mean something their colour (part -> neutral | info | success | warning | danger).
    """
    rows = [(_text(bar), _text(part), figure) for bar, part, figure in rows]
    parts = list(dict.fromkeys(part for _bar, part, _figure in rows))
    order = {part: place for place, part in enumerate(parts)}
    values = [{"bar": bar, "part": part, "figure": n, "order": order[part]} for bar, part, n in rows]
    colours = [
        TONES[tones[part]] if tones and part in tones else SERIES[i % len(SERIES)] for i, part in enumerate(parts)
    ]
    spec = {
        "data": {"values": values},
        "width": width,
        "height": {"step": 40},
        "mark": {"type": "bar", "height": {"band": 0.7}, "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "y": {"field": "bar", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False}},
            "x": {"field": "figure", "type": "quantitative", "title": unit, "axis": _count_axis(_longest(rows))},
            "color": {"field": "part", "type": "nominal", "scale": {"domain": parts, "range": colours}},
            "order": {"field": "order", "type": "quantitative"},
        },
    }
    return _draw(spec, title, description)


def line_chart(
    rows: Sequence[tuple[str, str, float | None]], *, title: str, description: str, unit: str, width: int = _WIDTH
) -> Markup:
    """Lines over an ordered axis: (place on the axis, series, figure); None leaves a gap (a month still to come).

    Series differ by dash as well as colour, and places stand in the order of their first appearance.
    """
    rows = [(_text(place), _text(name), figure) for place, name, figure in rows]
    places = list(dict.fromkeys(place for place, _series, _figure in rows))
    series = list(dict.fromkeys(name for _place, name, _figure in rows))
    dashes = [[1, 0], [6, 4], [2, 3], [10, 4], [10, 3, 2, 3], [4, 2]]
    scale = {"domain": series, "range": [SERIES[i % len(SERIES)] for i in range(len(series))]}
    dash = {"domain": series, "range": [dashes[i % len(dashes)] for i in range(len(series))]}
    top = max((figure or 0 for _place, _series, figure in rows), default=0)
    upright = {"titleAngle": 0, "titleAlign": "right", "titleX": -8, "titleY": -14}
    spec = {
        "data": {"values": [{"place": p, "series": s, "figure": n} for p, s, n in rows]},
        "width": width,
        "height": 240,
        "mark": {"type": "line", "strokeWidth": 3, "point": {"size": 50}, "invalid": "break-paths-show-domains"},
        "encoding": {
            "x": {"field": "place", "type": "ordinal", "sort": places, "title": None, "axis": {"labelAngle": 0}},
            "y": {"field": "figure", "type": "quantitative", "title": unit, "axis": {**_count_axis(top), **upright}},
            "color": {"field": "series", "type": "nominal", "scale": scale, "legend": {"symbolType": "stroke"}},
            "strokeDash": {"field": "series", "type": "nominal", "scale": dash},
        },
    }
    return _draw(spec, title, description)


def _text(value: object) -> str:
    """A name as XML can hold it: imported names may carry control characters."""
    return "".join(letter for letter in str(value) if letter.isprintable())


def _longest(rows: Sequence[tuple[str, str, float]]) -> float:
    """The length of the longest bar, its parts together."""
    sums: dict[str, float] = {}
    for bar, _part, figure in rows:
        sums[bar] = sums.get(bar, 0) + figure
    return max(sums.values(), default=0)


def _count_axis(top: float) -> dict[str, Any]:
    """Whole numbers with separators; few ticks, since the figures stand in the table, and none between two counts."""
    ticks = max(1, min(5, int(top)))
    return {"format": ",d", "tickMinStep": 1, "tickCount": ticks, "titleAnchor": "end"}


def _draw(spec: dict[str, Any], title: str, description: str) -> Markup:
    if not spec["data"]["values"]:
        return Markup("")  # the height of no bars is infinite to Vega-Lite
    text = json.dumps({**spec, "config": _CONFIG}, ensure_ascii=False)
    return Markup(_rendered(text, title, description))  # noqa: S704  (serialized by ElementTree, which escapes)


@lru_cache(maxsize=256)
def _rendered(spec: str, title: str, description: str) -> str:
    # Loaded at the first chart: it carries a JavaScript engine (some 35 MB), whose threads must not be forked either.
    converter = importlib.import_module("vl_convert")
    drawn: str = converter.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    mark = "c" + hashlib.sha256("\0".join((spec, title, description)).encode()).hexdigest()[:10]
    return _cleaned(drawn, mark, title, description)


def _cleaned(drawn: str, mark: str, title: str, description: str) -> str:
    """The drawing as one image with a name and a description, its ids unique in the page, without styles or roles."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(drawn)  # noqa: S314  (the converter's own output, no document type)
    for element in root.iter():
        _clean_attributes(element, mark)
    root.attrib.pop("version", None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{mark}-title {mark}-desc")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        child = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{mark}-{tag}"})
        child.text = _text(text)
        root.insert(place, child)
    return ElementTree.tostring(root, encoding="unicode")


def _clean_attributes(element: ElementTree.Element, mark: str) -> None:
    for name, value in list(element.attrib.items()):
        if name.startswith(_DROPPED):
            del element.attrib[name]
        elif name == "style":
            del element.attrib[name]
            element.attrib.update(_as_attributes(value))
        elif name == "id":
            element.set(name, mark + value)
        elif value.startswith("url(#"):
            element.set(name, value.replace("url(#", "url(#" + mark))


def _as_attributes(style: str) -> dict[str, str]:
    """Declarations of a style attribute as presentation attributes, which the policy allows."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}
