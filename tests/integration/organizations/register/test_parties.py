"""Bodies as a form names them."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from organizations.register.models import FormerName
from organizations.register.parties import as_typed, organizations_named, senders_named
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


@pytest.mark.parametrize("reference", ["ab-1", "R 12", "Ａ１２", "294"])
def test_a_sending_organization_is_found_by_what_stands_for_it_in_a_form(
    session: Session, factories: Factories, reference: str
) -> None:
    body = factories.sending_organization(number=None, reference_number=reference)
    assert senders_named(session, as_typed(body)) == [body]
