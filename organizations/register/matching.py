"""What a name that people type stands for: the names an organization bears or bore, and how its name is read."""

import re
from typing import Any

import sqlalchemy as sa

from organizations.register.models import FormerName, Organization
from otit.sql import name_holds

_KANA = re.compile("[\u30a1-\u30fa\u30fc]+")


def named(key: str) -> sa.ColumnElement[bool]:
    """Organizations with the folded `key` in their name or in a former one. A key all in kana may be how the name is
    read as well."""
    return Organization.id.in_(bearers(sa.select(Organization.id), key))


def bearers(sought: sa.Select[int], key: str) -> sa.CompoundSelect[int]:
    """The ids of those of the organizations sought that are `named`, in no order. Each name is found by its own
    index."""
    return sa.union_all(*(sought.where(branch) for branch in named_branches(key)))


def named_branches(key: str) -> list[sa.ColumnElement[bool]]:
    """`named` in two parts without a row in common: the first is read along the index of the list, the second is
    small."""
    by_name = name_holds(Organization.name_key, key)
    return [by_name, sa.and_(Organization.id.in_(sa.union_all(*_otherwise(key))), sa.not_(by_name))]


def closest(column: Any, key: str) -> list[sa.ColumnElement[Any]]:
    """The name itself first, then those that begin with what is asked, then the others."""
    return [(column == key).desc(), column.startswith(key, autoescape=True).desc(), column]


def _otherwise(key: str) -> list[sa.Select[Any]]:
    found = [sa.select(FormerName.organization_id).where(name_holds(FormerName.name_key, key))]
    if _KANA.fullmatch(key):
        found.append(sa.select(Organization.id).where(name_holds(Organization.kana_key, key)))
    return found
