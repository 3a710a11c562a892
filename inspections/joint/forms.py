"""The Labour Standards officer's result form, and the filters of the bureau's list."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField

from inspections.joint.models import JointResult
from inspections.joint.queries import JointFilter
from inspections.joint.services import ResultReport
from inspections.joint.states import BureauFinding
from inspections.scheduling.states import InspectionState
from otit.web.filters import FilterForm, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, given, required


class ResultForm(BaseForm):
    visited_on = JapaneseDateField(_l("訪問した日"), required())
    finding = EnumField(_l("法違反の有無"), required(), enum=BureauFinding)
    summary = TextAreaField(
        _l("結果の概要"), [*required(), at_most(4000)], description=_l("外国人技能実習機構にも共有されます。")
    )
    confidential = TextAreaField(
        _l("局内限りの記録"),
        [at_most(20000)],
        description=_l("所属する労働局だけが見られます。申告者や端緒に関することは、こちらに書いてください。"),
    )

    def fill(self, result: JointResult) -> None:
        self.visited_on.data, self.summary.data = result.visited_on, result.summary
        self.finding.data = BureauFinding.FOUND if result.violation_found else BureauFinding.NONE
        self.confidential.data = result.confidential

    def report(self) -> ResultReport:
        found = self.finding.data is BureauFinding.FOUND
        return ResultReport(given(self.visited_on.data), found, given(self.summary.data), self.confidential.data or "")


class JointFilterForm(FilterForm):
    state = OptionalEnumField(_l("状態"), enum=InspectionState)
    missing = BooleanField(_l("結果が未記録のものだけ"))

    def wanted(self) -> JointFilter:
        chosen = self.chosen()
        return JointFilter(chosen.get("state"), bool(chosen.get("missing")))
