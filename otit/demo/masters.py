"""Occupations and focal points. The occupations are an excerpt of the real list (its words are no persons); the focal
points are invented, under domains that are kept for examples."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from organizations.occupations.codes import SECTORS, sector_of, sort_key
from organizations.occupations.models import Occupation
from organizations.sending.models import FocalPoint
from otit.demo.world import Row, World
from otit.law.terms import ACT_IN_FORCE, Scheme

EXCERPT: Final = "（抜粋）"
# Code of the occupation, its name, the names of its operations, which are numbered from one.
OCCUPATIONS: Final = (
    ("1-1", "耕種農業", ("施設園芸", "畑作・野菜", "果樹")),
    ("1-2", "畜産農業", ("養豚", "養鶏", "酪農")),
    ("2-1", "漁船漁業", ("かつお一本釣り漁業", "延縄漁業", "いか釣り漁業")),
    ("2-2", "養殖業", ("ほたてがい・まがき養殖",)),
    ("3-2", "建築板金", ("ダクト板金作業", "内外装板金作業")),
    ("3-4", "建具製作", ("木製建具手加工作業",)),
    ("3-6", "型枠施工", ("型枠工事作業",)),
    ("3-7", "鉄筋施工", ("鉄筋組立て作業",)),
    ("3-10", "タイル張り", ("タイル張り作業",)),
    ("4-2", "食鳥処理加工業", ("食鳥処理加工作業",)),
    ("4-4", "非加熱性水産加工食品製造業", ("塩蔵品製造", "乾製品製造")),
    ("4-6", "牛豚食肉処理加工業", ("牛豚部分肉製造作業",)),
    ("4-9", "そう菜製造業", ("そう菜加工作業",)),
    ("5-5", "たて編ニット生地製造", ("たて編ニット生地製造作業",)),
    ("5-6", "婦人子供服製造", ("婦人子供既製服縫製作業",)),
    ("5-9", "寝具製作", ("寝具製作作業",)),
    ("6-1", "鋳造", ("鋳鉄鋳物鋳造作業", "非鉄金属鋳物鋳造作業")),
    ("6-3", "ダイカスト", ("ホットチャンバダイカスト作業", "コールドチャンバダイカスト作業")),
    ("6-5", "金属プレス加工", ("金属プレス作業",)),
    ("6-9", "アルミニウム陽極酸化処理", ("陽極酸化処理作業",)),
    ("7-4", "プラスチック成形", ("圧縮成形作業", "射出成形作業")),
    ("7-6", "塗装", ("建築塗装作業", "金属塗装作業")),
    ("7-7", "溶接", ("手溶接", "半自動溶接")),
    ("7-13", "介護", ("介護",)),
)
# An invented one, so that no real occupation is said to have ended.
ENDED: Final = ("7-90", "見本職種", ("見本作業",))
_FOCAL_POINTS: Final = (
    (
        "VNM",
        "Ministry of Examples, Viet Nam",
        "Overseas Labour Desk (sample)",
        "desk@vnm.example.org",
        "+84-00-000-0001",
    ),
    ("KHM", "Ministry of Examples, Cambodia", "Training Section (sample)", "desk@khm.example.org", None),
    ("PHL", "Department of Examples, Philippines", None, "desk@phl.example.org", "+63-00-000-0002"),
    ("IDN", "Ministry of Examples, Indonesia", "Placement Division (sample)", "desk@idn.example.org", None),
    ("MMR", "Ministry of Examples, Myanmar", None, "desk@mmr.example.org", None),
    ("NPL", "Department of Examples, Nepal", None, "desk@npl.example.org", "+977-00-000-0003"),
)


def make_masters(world: World, sending: dict[str, list[Row]]) -> None:
    """Draws no dice: the list is the same in every world."""
    for code, name, operations in OCCUPATIONS:
        _occupation(world, code, name, operations, None)
    _occupation(world, *ENDED, world.ago(500))
    for country, body, department, email, phone in _FOCAL_POINTS:
        _focal_point(world, country, body, department, email, phone, world.ago(900), None)
    former = ("VNM", "Former Office of Examples, Viet Nam", None, "former@vnm.example.org", None)
    _focal_point(world, *former, world.ago(1500), world.ago(901))
    sending["PHL"][2]["approval_ended_on"] = world.ago(120)


def _occupation(world: World, code: str, name: str, operations: Iterable[str], valid_until: date | None) -> None:
    codes = [(code, name), *((f"{code}-{n}", operation) for n, operation in enumerate(operations, 1))]
    for one, called in codes:
        world.rows.add(
            Occupation,
            scheme=Scheme.TIT,
            code=one,
            sort_key=sort_key(one),
            sector=SECTORS[sector_of(one)] + EXCERPT,
            name=called,
            transferable=True,
            valid_from=ACT_IN_FORCE,
            valid_until=valid_until,
        )


def _focal_point(
    world: World,
    country: str,
    body: str,
    department: str | None,
    email: str,
    phone: str | None,
    starts_on: date,
    ends_on: date | None,
) -> None:
    world.rows.add(
        FocalPoint,
        country=country,
        body=body,
        department=department,
        email=email,
        phone=phone,
        starts_on=starts_on,
        ends_on=ends_on,
    )
