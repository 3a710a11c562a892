"""What a disposition may rest on, who decides it and how long it bars: pure, from the tables of the law."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from inspections.dispositions.states import KINDS, DispositionKind
from organizations.register.states import OrganizationKind
from otit.errors import RuleViolation
from otit.labels import Bilingual
from otit.law.authority import DispositionAuthority, disposition_authority, disqualification_end
from otit.law.citations import combined_citation, combined_citation_en
from otit.law.provisions import Provision, UnknownProvision, cited_provision, provision, register
from otit.law.terms import Act, Category, Language, TargetKind
from otit.text import N_, compact

_CATEGORY: Final = {
    DispositionKind.ACCREDITATION_REVOCATION: Category.ACCREDITATION_REVOCATION,
    DispositionKind.LICENSE_REVOCATION: Category.LICENSE_REVOCATION,
    DispositionKind.CLASS_DOWNGRADE: Category.LICENSE_DOWNGRADE,
    DispositionKind.BUSINESS_SUSPENSION: Category.LICENSE_REVOCATION,
    DispositionKind.IMPROVEMENT_ORDER: Category.IMPROVEMENT_ORDER,
}
REVOCATIONS: Final = (DispositionKind.ACCREDITATION_REVOCATION, DispositionKind.LICENSE_REVOCATION)
# Publication by Art. 15(2), 16(2) and 37(4). For Art. 36(1) the tables of the law know no such paragraph.
_PUBLICATION: Final = {
    (OrganizationKind.IMPLEMENTING, DispositionKind.IMPROVEMENT_ORDER): "TIT-15-2",
    (OrganizationKind.IMPLEMENTING, DispositionKind.ACCREDITATION_REVOCATION): "TIT-16-2",
    (OrganizationKind.SUPERVISING, DispositionKind.LICENSE_REVOCATION): "TIT-37-4",
    (OrganizationKind.SUPERVISING, DispositionKind.CLASS_DOWNGRADE): "TIT-37-4",
    (OrganizationKind.SUPERVISING, DispositionKind.BUSINESS_SUSPENSION): "TIT-37-4",
}


@dataclass(frozen=True)
class Ground:
    """A ground in one version of the law, with the Art. 10 or 26 item by way of which it is met."""

    provision: Provision
    via: Provision | None = None

    @property
    def key(self) -> str:
        """TIT-16-1-3@2017-11-01/TIT-10-2@2017-11-01: what a form sends and `ground_of` reads."""
        return "/".join(f"{p.code}@{p.valid_from.isoformat()}" for p in (self.provision, self.via) if p is not None)

    def in_force(self, on: date) -> bool:
        return self.provision.in_force(on) and (self.via is None or self.via.in_force(on))


def ground_of(key: str) -> Ground:
    """The ground a form sent. Raises UnknownProvision."""
    try:
        cited = [
            cited_provision(code, date.fromisoformat(version))
            for code, version in (part.split("@") for part in key.split("/"))
        ]
        return Ground(*cited)
    except (ValueError, TypeError) as error:
        raise UnknownProvision(N_("条文「%(code)s」は登録されていません。"), {"code": key}) from error


def grounds_for(target: OrganizationKind, kind: DispositionKind) -> list[Ground]:
    """Every ground of this kind in each of its versions, in the order of the law.

    Art. 16(1)(iii) and 37(1)(ii) are met by way of an item of Art. 10 or 26, so each stands once for every item.
    A suspension (Art. 37(3)) rests on Art. 37(1)(i) and (iii) to (v), not on (ii).
    """
    article = KINDS[target][kind].partition("(")[0]
    found = [
        ground
        for ground in register()
        if ground.act is Act.TIT and ground.article == article and ground.category is _CATEGORY[kind]
    ]
    if kind is DispositionKind.BUSINESS_SUSPENSION:
        found = [ground for ground in found if ground.opens is None]
    return [each for ground in sorted(found, key=_place) for each in _with_items(ground)]


def _with_items(ground: Provision) -> list[Ground]:
    if ground.opens is None:
        return [Ground(ground)]
    items = [
        item
        for item in register()
        if item.act is ground.act and item.article == ground.opens and item.category is Category.DISQUALIFICATION
    ]
    return [Ground(ground, item) for item in sorted(items, key=_place)]


def _place(found: Provision) -> tuple[int, int, date]:
    return found.paragraph or 0, found.item or 0, found.valid_from


def check_kind(target: OrganizationKind, kind: DispositionKind) -> None:
    """Raises RuleViolation unless the kind is aimed at this kind of organization (Art. 15, 16: implementing; 36, 37:
    supervising)."""
    if kind not in KINDS[target]:
        message = N_("%(target)sに対して「%(kind)s」はできません。")
        raise RuleViolation(message, {"target": target, "kind": kind}, field="kind")


def check_grounds(grounds: Sequence[Ground], target: OrganizationKind, kind: DispositionKind, on: date) -> None:
    """Raises RuleViolation unless there is at least one ground, each belongs to the kind and was in force on `on`."""
    if not grounds:
        raise RuleViolation(N_("処分の根拠となる条文を一つ以上選んでください。"), field="grounds")
    known = {ground.key for ground in grounds_for(target, kind)}
    for ground in grounds:
        params = {"citation": Bilingual(cite([ground]), cite([ground], "en")), "kind": kind}
        if ground.key not in known:
            raise RuleViolation(N_("%(citation)sは「%(kind)s」の根拠になりません。"), params, field="grounds")
        if not ground.in_force(on):
            message = N_("%(citation)sのこの版は、%(on)sの時点で効力がありません。その日の条文を選んでください。")
            raise RuleViolation(message, {**params, "on": on}, field="grounds")


def check_authority(authority: DispositionAuthority, target: OrganizationKind, decided_on: date) -> None:
    """Raises RuleViolation unless the law gave this decision to that authority on that day."""
    rightful = disposition_authority(TargetKind(target.value), decided_on)
    if authority is not rightful:
        message = N_("%(on)sに%(target)sへの処分を決定したのは%(rightful)sです。")
        raise RuleViolation(message, {"on": decided_on, "target": target, "rightful": rightful}, field="authority")


def cite(grounds: Iterable[Ground], language: Language = "ja") -> str:
    """法第16条第1項第3号(第10条第2号該当); each ground is named once, with all its items. Empty without grounds."""
    every = list(grounds)
    named = list(dict.fromkeys(ground.provision for ground in every))
    items = list(dict.fromkeys(ground.via for ground in every if ground.via is not None))
    if not named:
        return ""
    return combined_citation(named, items) if language == "ja" else combined_citation_en(named, items)


def bar_end(kind: DispositionKind, effective_on: date) -> date | None:
    """Last day of the five-year bar that a revocation opens (Art. 10 item vii, before 2019-09-14 item vi; Art. 26
    item ii); None for what opens none."""
    return disqualification_end(effective_on) if kind in REVOCATIONS else None


def bar_provision(kind: DispositionKind, on: date) -> Provision | None:
    """The item under which the revocation bars on that day."""
    if kind is DispositionKind.LICENSE_REVOCATION:
        return provision("TIT-26-2", on)
    if kind is not DispositionKind.ACCREDITATION_REVOCATION:
        return None
    renumbered = cited_provision("TIT-10-7", date(2019, 9, 14)).valid_from
    return provision("TIT-10-7" if on >= renumbered else "TIT-10-6", on)


def publication_provision(target: OrganizationKind, kind: DispositionKind, on: date) -> Provision | None:
    code = _PUBLICATION.get((target, kind))
    return None if code is None else provision(code, on)


# More than any organization has; below what one statement can bind on either database.
MOST_PLANS: Final = 10_000
_SEPARATORS = re.compile(r"[\s,，、､;；・]+")
_SPACED_MARK = re.compile(r"認\s+(?=\d)")
_PLAN_NUMBER = re.compile(r"認?([0-9]{10})号?")


def plan_numbers(text: str, field: str = "numbers") -> list[str]:
    """Accreditation numbers (認 and ten digits) out of pasted text, each once, in order. They may stand in any width,
    with or without 認, apart by spaces, line breaks, commas or 、. Raises RuleViolation naming what is no number, or
    for more than MOST_PLANS."""
    found: dict[str, None] = {}
    for piece in _SEPARATORS.split(_SPACED_MARK.sub("認", text)):
        written = compact(piece)
        if not written:
            continue
        match = _PLAN_NUMBER.fullmatch(written)
        if match is None:
            message = N_("「%(value)s」は認定番号ではありません。認定番号は「認」と10桁の数字です。")
            raise RuleViolation(message, {"value": piece[:40]}, field=field)
        found[f"認{match[1]}"] = None
    if len(found) > MOST_PLANS:
        message = N_("一度に入力できる認定番号は%(most)s件までです。")
        raise RuleViolation(message, {"most": f"{MOST_PLANS:,}"}, field=field)
    return list(found)
