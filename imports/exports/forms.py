"""Which list: article and fiscal year, in the address."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from imports.exports.layout import fiscal_year_ja
from imports.exports.revocations import ListArticle, Selection
from otit.clock import fiscal_year
from otit.law.terms import ACT_IN_FORCE
from otit.web.clock import clock
from otit.web.filters import FilterForm
from otit.web.forms import label_choices
from otit.web.language import english


def _this_year() -> int:
    return fiscal_year(clock().today())


def _years() -> list[tuple[int, Any]]:
    first, last = fiscal_year(ACT_IN_FORCE), fiscal_year(clock().today())
    return [(year, f"FY{year}" if english() else fiscal_year_ja(year)) for year in range(last, first - 1, -1)]


class RevocationFilter(FilterForm):
    article = SelectField(_l("根拠条文"), choices=lambda: label_choices(ListArticle), default="16")
    year = SelectField(
        _l("年度（効力発生日）"), choices=_years, coerce=int, default=lambda: fiscal_year(clock().today())
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Afterwards the fields show the list that is shown."""
        valid = bool(super().validate(extra_validators))
        selection = self.selection()
        self.article.data, self.year.data = selection.article.value, selection.year
        return valid

    def selection(self) -> Selection:
        """The list asked for; where the address asks for none that exists, the first choice of each field."""
        chosen = self.chosen()
        today = clock().today()
        article = ListArticle(chosen.get("article", ListArticle.ACCREDITATION_REVOCATION))
        return Selection(article, chosen.get("year", fiscal_year(today)), today)
