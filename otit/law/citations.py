"""How a provision is written: 法第16条第1項第3号, Art. 16(1)(iii), and several grounds in one citation."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from otit.law.provisions import Provision

_SUBITEMS: Final = "イロハニホヘトチリヌルヲ"
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def citation_ja(provision: Provision) -> str:
    """法第16条第1項第3号, 規則第10条第2項第2号ハ, 労働安全衛生法第66条の4."""
    return provision.act.short_ja + _place_ja(provision)


def citation_en(provision: Provision) -> str:
    """Art. 16(1)(iii), Ord. Art. 10(2)(ii)(c), Industrial Safety and Health Act Art. 66-4."""
    return article_en(provision) + "".join(
        f"({part})"
        for part in (
            provision.paragraph,
            provision.item and _roman(provision.item),
            provision.subitem and chr(ord("a") + provision.subitem - 1),
        )
        if part is not None
    )


def article_ja(provision: Provision) -> str:
    """法第16条, whatever its paragraph and item."""
    return provision.act.short_ja + _article_ja(provision)


def article_en(provision: Provision) -> str:
    """Art. 16, whatever its paragraph and item."""
    return f"{provision.act.short_en}Art. {provision.article.replace('_', '-')}"


def combined_citation(grounds: Sequence[Provision], via: Sequence[Provision] = ()) -> str:
    """Several grounds as a disposition names them, in Japanese.

    法第37条第1項第1号及び第4号; with the items of Article 10 or 26 by way of which a ground is met:
    法第16条第1項第3号(第10条第2号該当). Raises ValueError for an item in `via` that none of the grounds opens.
    """
    _check_via(grounds, via)
    articles = [
        _group_ja(list(group), via)
        for _, group in groupby(grounds, key=lambda ground: (ground.act, ground.article, ground.paragraph))
    ]
    nested = any("及び" in article for article in articles)
    return _listed(articles, "並びに" if nested else "及び")


def combined_citation_en(grounds: Sequence[Provision], via: Sequence[Provision] = ()) -> str:
    """Art. 16(1)(iii) by way of Art. 10(ii), and Art. 16(1)(vii). Raises as `combined_citation` does."""
    _check_via(grounds, via)
    parts = []
    for ground in grounds:
        items = [citation_en(item) for item in via if item.article == ground.opens]
        parts.append(citation_en(ground) + (f" by way of {' and '.join(items)}" if items else ""))
    return ", and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _check_via(grounds: Sequence[Provision], via: Sequence[Provision]) -> None:
    if not grounds:
        raise ValueError("a citation names at least one ground")
    opened = {(ground.act, ground.opens) for ground in grounds}
    for item in via:
        if (item.act, item.article) not in opened:
            raise ValueError(f"no ground refers to {item.code}")


def _group_ja(group: Sequence[Provision], via: Sequence[Provision]) -> str:
    """Grounds of one paragraph: the paragraph is written once, its items follow."""
    first, *rest = group
    names = [citation_ja(first), *(_item_ja(ground) or _place_ja(ground) for ground in rest)]
    return _listed([name + _via_ja(ground, via) for name, ground in zip(names, group, strict=True)], "及び")


def _via_ja(ground: Provision, via: Sequence[Provision]) -> str:
    items = [item for item in via if item.article == ground.opens]
    if not items:
        return ""
    first, *rest = items
    return f"({_listed([_place_ja(first), *map(_item_ja, rest)], '及び')}該当)"


def _place_ja(provision: Provision) -> str:
    return _article_ja(provision) + (f"第{provision.paragraph}項" if provision.paragraph else "") + _item_ja(provision)


def _article_ja(provision: Provision) -> str:
    number, _, branch = provision.article.partition("_")
    return f"第{number}条" + (f"の{branch}" if branch else "")


def _item_ja(provision: Provision) -> str:
    item = f"第{provision.item}号" if provision.item else ""
    return item + (_SUBITEMS[provision.subitem - 1] if provision.subitem else "")


def _listed(words: Sequence[str], last: str) -> str:
    *head, tail = words
    return f"{'、'.join(head)}{last}{tail}" if head else tail


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
