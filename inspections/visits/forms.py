"""The visit form, with its rows for violations."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, StringField, TextAreaField

from inspections.violations.forms import FindingRow, finding_of
from inspections.visits.services import FindingRefused, VisitReport
from inspections.visits.states import VisitOutcome
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, SelectChoice, at_most, given, required

MORE_ROWS = 3
MOST_ROWS = 30


class VisitForm(BaseForm):
    """Sections in the order of a real visit: arrival, people, places, findings, leaving."""

    visited_on = JapaneseDateField(_l("訪問した日"), required())
    outcome = EnumField(_l("訪問の結果"), required(), enum=VisitOutcome)
    people_present = TextAreaField(
        _l("立ち会った人"),
        [at_most(4000)],
        description=_l("1行に1名ずつ、職名と氏名を入力します。訪問の結果が「実施」の場合は必須です。"),
    )
    place = StringField(_l("訪問した場所"), [at_most(500)], description=_l("事業所、宿泊施設などの名称又は所在地"))
    observations = TextAreaField(_l("確認した事項"), [at_most(20000)])
    findings = FieldList(FormField(FindingRow), min_entries=1, max_entries=MOST_ROWS)
    ends_inspection = BooleanField(
        _l("この訪問で検査を終える"), description=_l("訪問の結果が「実施」のときだけ選べます。")
    )

    def offer(self, choices: list[SelectChoice]) -> None:
        """Set the provisions of every row; call it again after adding rows."""
        for entry in self.findings:
            entry.form.finding.choices = choices

    def add_rows(self) -> None:
        """The page comes back at the first of the new rows."""
        added = [self.findings.append_entry() for _row in range(min(MORE_ROWS, MOST_ROWS - len(self.findings)))]
        if added:
            added[0].form.finding.render_kw = {"autofocus": True}

    def report(self) -> VisitReport:
        """What was entered; the day of a fact is the day of the visit unless given."""
        day = given(self.visited_on.data)
        rows = [(row.finding.data, row.fact_on.data or day, row.description.data) for row in self._started()]
        people = (self.people_present.data or "").splitlines()
        return VisitReport(
            visited_on=day,
            outcome=self.outcome.data,
            people_present="\n".join(name.strip() for name in people if name.strip()),
            place=self.place.data,
            observations=self.observations.data or "",
            findings=[finding_of(*row) for row in rows],
            ends_inspection=self.ends_inspection.data,
        )

    def refuse_finding(self, error: FindingRefused) -> None:
        """Show the refusal in the row it is about."""
        row = self._started()[error.index]
        row.refuse(error)
        self.findings.errors = [*self.findings.errors, _("違反の欄を確認してください。")]

    def _started(self) -> list[Any]:
        return [entry.form for entry in self.findings if entry.form.started]
