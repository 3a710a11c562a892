"""What a name that people type stands for: the names an organization bears or bore, and how its name is read."""

import re

import sqlalchemy as sa

from organizations.register.models import FormerName, Organization
from otit.db import name_holds

_KANA = re.compile("[\u30a1-\u30fa\u30fc]+")


def named(key: str) -> sa.ColumnElement[bool]:
    """Organizations with the folded `key` in their name or in a former one. A key all in kana may be how the name is
    read as well; no other key is looked for there, because the readings are in no index."""
    return sa.or_(name_holds(Organization.name_key, key), _otherwise(key))


def named_branches(key: str) -> list[sa.ColumnElement[bool]]:
    """`named` in two parts without a row in common: the first is read along an index, the second is small."""
    by_name = name_holds(Organization.name_key, key)
    return [by_name, sa.and_(_otherwise(key), sa.not_(by_name))]


def _otherwise(key: str) -> sa.ColumnElement[bool]:
    former = sa.select(FormerName.organization_id).where(name_holds(FormerName.name_key, key))
    found: list[sa.ColumnElement[bool]] = [Organization.id.in_(former)]
    if _KANA.fullmatch(key):
        found.append(name_holds(Organization.kana_key, key))
    return sa.or_(*found)
