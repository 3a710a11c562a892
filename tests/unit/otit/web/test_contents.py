"""The table of contents of a page."""

import pytest
from markupsafe import Markup

from otit.web.contents import contents


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<h2 id="a">甲</h2>', [("a", "甲")]),
        ('<section class="page-section" id="b">\n<h2>乙</h2></section>', [("b", "乙")]),
        ('<section id="c"><div class="list-head"><h2>丙 <small>3件</small></h2></div></section>', [("c", "丙 3件")]),
        ('<section aria-labelledby="d"><h2 id="d">丁 &amp; 戊</h2></section>', [("d", "丁 & 戊")]),
        ('<section id="e"><p>文</p><h2>己</h2></section>', []),
        ("<h2>庚</h2><h3 id='f'>辛</h3>", []),
    ],
)
def test_headings_that_can_be_led_to_are_in_the_contents(html: str, found: list[tuple[str, str]]) -> None:
    assert contents(Markup(html)) == found
