"""What a licence is used for, as OTIT's public lists tell it: countries from which trainees are accepted (受入れ国),
occupations (取扱職種), and care."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from organizations.licenses.models import License, LicenseCountry, LicenseOccupation
from organizations.licenses.services import act_on
from organizations.licenses.states import LicenseAct
from organizations.occupations.codes import is_operation, parse_code, sort_key
from organizations.occupations.queries import known_codes
from otit.audit.trail import record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import RuleViolation
from otit.findings import Finding, noted
from otit.text import N_

UNKNOWN = N_("職種・作業の一覧にない職種コードがあります（%(codes)s）。")
_SEPARATORS = re.compile(r"[\s、,，;；・]+")


@dataclass(frozen=True)
class Content:
    """`countries` as ISO 3166 alpha-3 codes, `occupations` as two-level codes such as "3-5"; both in order."""

    countries: Sequence[str]
    occupations: Sequence[str]
    handles_care: bool


def content_of(license: License) -> Content:
    return Content([one.country for one in license.countries], license.occupation_codes, license.handles_care)


def read_occupations(text: str | None) -> list[str]:
    """The codes in a text, each once, in the order of the official list. Raises RuleViolation, beside the field, for
    what is none: an operation (3-5-1) stands on a plan, not on a licence."""
    written = [part for part in _SEPARATORS.split(text or "") if part]
    read = {part: parse_code(part) for part in written}
    wrong = [part for part, code in read.items() if code is None or is_operation(code)]
    if wrong:
        message = N_("職種コードは「3-5」の形で、「、」で区切って入力してください（%(wrong)s）。")
        raise RuleViolation(message, {"wrong": wrong[0]}, field="occupations")
    return sorted({code for code in read.values() if code is not None}, key=sort_key)


def review_content(session: Session, license: License, content: Content, today: date) -> list[Finding]:
    """Occupations that the register of occupations does not know today. One statement."""
    known = known_codes(session, license.scheme, today)
    unknown = [code for code in content.occupations if known and code not in known]
    return [Finding(UNKNOWN, {"codes": "、".join(unknown)}, code="unknown-occupation")] if unknown else []


def set_content(
    session: Session, actor: Actor, license: License, content: Content, *, findings: Sequence[Finding] = ()
) -> bool:
    """Record what the licence is used for now. Returns whether anything changed."""
    act_on(actor, Permission.MAINTAIN_REGISTERS, license, LicenseAct.SET_CONTENT)
    held = content_of(license)
    names = [field.name for field in fields(Content)]
    changes = {name: (getattr(held, name), getattr(content, name)) for name in names}
    changes = {name: (old, new) for name, (old, new) in changes.items() if old != new}
    if not changes:
        return False
    license.handles_care = content.handles_care
    flag_modified(license, "handles_care")  # the lists have rows of their own: the licence has a new version with them
    _keep(license, content)
    record(session, actor, "license.content_set", license, changes, **noted(findings))
    session.flush()
    return True


def _keep(license: License, content: Content) -> None:
    countries = {one.country: one for one in license.countries}
    occupations = {one.code: one for one in license.occupations}
    license.countries = [countries.get(code) or LicenseCountry(country=code) for code in content.countries]
    license.occupations = [occupations.get(code) or LicenseOccupation(code=code) for code in content.occupations]
