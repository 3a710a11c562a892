"""Bodies as a form names them."""

from datetime import date

from sqlalchemy.orm import Session

from organizations.register.models import FormerName
from organizations.register.parties import organizations_named
from organizations.register.states import OrganizationKind
from otit.text import match_key
from tests.factories import Factories

IMPLEMENTING = OrganizationKind.IMPLEMENTING


def test_a_former_name_leads_to_its_body_where_nobody_bears_it_now(session: Session, factories: Factories) -> None:
    renamed = factories.organization(name="架空新縫製")
    named = {"name": "架空旧縫製", "name_key": match_key("架空旧縫製"), "used_until": date(2025, 3, 31)}
    factories.add(FormerName(organization_id=renamed.id, **named))
    assert organizations_named(session, IMPLEMENTING, "架空旧縫製") == [renamed]
    assert organizations_named(session, OrganizationKind.SUPERVISING, "架空旧縫製") == []
    bearer = factories.organization(name="架空旧縫製")
    assert organizations_named(session, IMPLEMENTING, "架空旧縫製") == [bearer]
