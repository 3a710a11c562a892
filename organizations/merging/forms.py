"""What people fill in about two register rows that may be one body."""

from typing import Self

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField

from organizations.merging.queries import PairFilter
from organizations.merging.states import CandidateState
from organizations.register.states import OrganizationKind
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField
from otit.web.forms import BaseForm, at_most, required


class PairFilterForm(FilterForm):
    kind = OptionalEnumField(_l("種類"), enum=OrganizationKind)
    office = OfficeField()
    state = OptionalEnumField(_l("状態"), enum=CandidateState)

    @classmethod
    def for_reader(cls) -> Self:
        """From the address; without any filter there it shows what waits for a person."""
        if request.args.keys() - {"cursor"}:
            return cls.from_address()
        form = cls(formdata=None, state=CandidateState.OPEN)
        form.validate()
        return form

    def wanted(self) -> PairFilter:
        return PairFilter(**self.chosen())


class OtherBodyForm(FilterForm):
    """Naming the other row; `organization` is the one from whose page the person comes."""

    organization = HiddenField()
    q = StringField(
        _l("もう一方の団体の名称又は番号"),
        [at_most(100)],
        description=_l("名称の一部、法人番号、許可番号、届出受理番号で探します。"),
    )


class SeparateForm(BaseForm):
    reason = TextAreaField(_l("別の団体と判断する理由"), [*required(), at_most(1000)])


class MergeForm(BaseForm):
    """`seen` is the digest of what the person was shown."""

    seen = HiddenField()
    reason = TextAreaField(_l("統合する理由"), [*required(), at_most(1000)])


class UndoForm(BaseForm):
    reason = TextAreaField(_l("統合を取り消す理由"), [*required(), at_most(1000)])
