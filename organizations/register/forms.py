"""Filters of the register lists."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from organizations.licenses.states import LicenseClass, LicenseState
from organizations.register.queries import Order, OrganizationFilter
from organizations.register.states import BusinessStatus
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField, OrderField, PrefectureField
from otit.web.forms import at_most


class ImplementingFilterForm(FilterForm):
    q = StringField(_l("名称又は番号"), [at_most(100)])
    prefecture = PrefectureField()
    office = OfficeField()
    status = OptionalEnumField(_l("事業の状況"), enum=BusinessStatus)
    sort = OrderField(Order)

    def wanted(self) -> OrganizationFilter:
        return OrganizationFilter(**self.chosen())


class SupervisingFilterForm(ImplementingFilterForm):
    license_class = OptionalEnumField(_l("許可区分"), enum=LicenseClass)
    license_state = OptionalEnumField(_l("許可の状態"), enum=LicenseState)
