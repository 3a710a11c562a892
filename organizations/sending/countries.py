"""Countries trainees come from: ISO 3166-1 alpha-3, names, and the memoranda of cooperation (MOC) on technical intern
training. Pure data; the fifteen MOC countries are those of 2024-03-31 (annual report of the council)."""

from dataclasses import dataclass
from datetime import date

from otit.clock import add_months


@dataclass(frozen=True)
class Country:
    """`moc_signed_on` is the day of signing where a published source states it (`moc_source`).

    Where none does, `moc_signed_month` ("2017-10") is the month as commonly reported, `moc_signed_by` a day on which
    the signed text was already published. Both are shown as unconfirmed; all that rests on them is that there is no
    warning about the days before.
    """

    code: str
    name_ja: str
    name_en: str
    moc_signed_on: date | None = None
    moc_source: str | None = None
    moc_signed_month: str | None = None
    moc_signed_by: date | None = None

    @property
    def moc_from(self) -> date:
        """The first day on which a memorandum stood, as far as known: the day after the month where only that is.
        The end of all days for a country without one."""
        if self.moc_signed_month is not None:
            return add_months(date.fromisoformat(f"{self.moc_signed_month}-01"), 1)
        return self.moc_signed_on or self.moc_signed_by or date.max


def _by_code(*countries: Country) -> dict[str, Country]:
    return {country.code: country for country in countries}


MOC_COUNTRIES: dict[str, Country] = _by_code(
    Country("VNM", "ベトナム", "Viet Nam", date(2017, 6, 6), "mhlw.go.jp/photo/2017/06/ph0606-01.html"),
    Country("KHM", "カンボジア", "Cambodia", date(2017, 7, 11), "roumu.com/archives/51846375.html"),
    Country("IND", "インド", "India", moc_signed_month="2017-10"),
    Country("PHL", "フィリピン", "Philippines", date(2017, 11, 21), "portal-worlds.com/amp/page/1787"),
    Country("LAO", "ラオス", "Laos", moc_signed_month="2017-12"),
    Country("MNG", "モンゴル", "Mongolia", moc_signed_month="2017-12"),
    Country("BGD", "バングラデシュ", "Bangladesh", moc_signed_month="2018-01"),
    Country("LKA", "スリランカ", "Sri Lanka", moc_signed_month="2018-02"),
    Country("MMR", "ミャンマー", "Myanmar", moc_signed_month="2018-04"),
    Country("BTN", "ブータン", "Bhutan", moc_signed_month="2018-10"),
    Country("UZB", "ウズベキスタン", "Uzbekistan", moc_signed_month="2019-01"),
    Country("PAK", "パキスタン", "Pakistan", moc_signed_month="2019-02"),
    Country("THA", "タイ", "Thailand", moc_signed_month="2019-03"),
    Country("IDN", "インドネシア", "Indonesia", moc_signed_month="2019-06"),
    Country("NPL", "ネパール", "Nepal", moc_signed_by=date(2024, 1, 18)),
)

OTHER_COUNTRIES: dict[str, Country] = _by_code(
    Country("CHN", "中国", "China"),
    Country("TWN", "台湾", "Taiwan"),
    Country("KOR", "韓国", "Republic of Korea"),
    Country("MYS", "マレーシア", "Malaysia"),
    Country("KGZ", "キルギス", "Kyrgyzstan"),
    Country("KAZ", "カザフスタン", "Kazakhstan"),
    Country("TJK", "タジキスタン", "Tajikistan"),
    Country("TLS", "東ティモール", "Timor-Leste"),
    Country("PER", "ペルー", "Peru"),
    Country("TUR", "トルコ", "Türkiye"),
    Country("FJI", "フィジー", "Fiji"),
)

COUNTRIES: dict[str, Country] = MOC_COUNTRIES | OTHER_COUNTRIES


def country_name(code: str | None, *, english: bool = False) -> str:
    """The name in the reader's language; a code that is not in the list is shown as it is."""
    if code is None:
        return "—"
    country = COUNTRIES.get(code)
    if country is None:
        return code
    return country.name_en if english else country.name_ja
