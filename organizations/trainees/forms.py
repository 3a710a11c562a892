"""Reading who a trainee is needs a reason; entering one needs name, birth date and nationality."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField

from organizations.accreditation.forms import COUNTRY_CHOICES
from organizations.trainees.models import Trainee
from organizations.trainees.services import TraineeDetails
from organizations.trainees.states import EntryKind, ReadReason
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required


class ReadForm(BaseForm):
    reason = EnumField(_l("閲覧の理由"), required(), enum=ReadReason)


class EntryForm(BaseForm):
    """`kind` is asked only where somebody is named already. `person_version` is that of the person: whoever corrects
    them through another plan leaves the version of this one alone."""

    kind = EnumField(_l("登録の仕方"), required(), enum=EntryKind)
    trainee_name = StringField(_l("氏名"), [*required(), at_most(200)])
    trainee_born_on = JapaneseDateField(_l("生年月日"), required())
    nationality = SelectField(_l("国籍"), required(), choices=COUNTRY_CHOICES)

    person_version = HiddenField()

    def expect_person(self, trainee: Trainee | None) -> None:
        """As `expect_version`, for the person who is named already."""
        self.expect_version(trainee or 0, self.person_version)
        self.person_version.data = str(trainee.version if trainee else 0)
        if trainee is None:
            del self.kind

    def details(self) -> TraineeDetails:
        return TraineeDetails(self.trainee_name.data or "", self.trainee_born_on.day, self.nationality.data)
