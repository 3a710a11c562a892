"""Prefectures (JIS X 0401), the thirteen local offices of OTIT with the prefectures they cover, and the Labour Bureaus.

Office codes are those inside licence and accreditation numbers; the codes 06, 08, 11 and 13 are attested by published
numbers, the others follow the order of the official list.
"""

from dataclasses import dataclass

from otit.text import compact

_NAMES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
_NAMES_EN = (
    "Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba Tokyo Kanagawa Niigata "
    "Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto Osaka Hyogo Nara Wakayama Tottori "
    "Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa Ehime Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki "
    "Kagoshima Okinawa"
)

PREFECTURES: dict[str, str] = {f"{n:02d}": name for n, name in enumerate(_NAMES.split(), 1)}
PREFECTURES_EN: dict[str, str] = {f"{n:02d}": name for n, name in enumerate(_NAMES_EN.split(), 1)}
PREFECTURE_CODES: dict[str, str] = {name: code for code, name in PREFECTURES.items()}


@dataclass(frozen=True)
class Office:
    """A local office (地方事務所) or branch (支所); `parent` is the office a branch belongs to."""

    code: str
    name_ja: str
    name_en: str
    prefectures: tuple[str, ...]
    parent: str | None = None


def _office(code: str, ja: str, en: str, prefectures: str, parent: str | None = None) -> Office:
    codes = tuple(next(c for c, name in PREFECTURES.items() if name.startswith(p)) for p in prefectures.split())
    return Office(code, ja, en, codes, parent)


OFFICES: dict[str, Office] = {
    office.code: office
    for office in (
        _office("01", "札幌事務所", "Sapporo Office", "北海道"),
        _office("02", "仙台事務所", "Sendai Office", "青森 岩手 宮城 秋田 山形 福島"),
        _office("03", "東京事務所", "Tokyo Office", "栃木 群馬 埼玉 千葉 東京 神奈川 山梨"),
        _office("04", "水戸支所", "Mito Branch", "茨城", "03"),
        _office("05", "長野支所", "Nagano Branch", "新潟 長野", "03"),
        _office("06", "名古屋事務所", "Nagoya Office", "岐阜 静岡 愛知 三重"),
        _office("07", "富山支所", "Toyama Branch", "富山 石川 福井", "06"),
        _office("08", "大阪事務所", "Osaka Office", "滋賀 京都 大阪 兵庫 奈良 和歌山"),
        _office("09", "広島事務所", "Hiroshima Office", "鳥取 島根 岡山 広島 山口"),
        _office("10", "高松事務所", "Takamatsu Office", "徳島 香川"),
        _office("11", "松山支所", "Matsuyama Branch", "愛媛 高知", "10"),
        _office("12", "福岡事務所", "Fukuoka Office", "福岡 佐賀 長崎 大分"),
        _office("13", "熊本支所", "Kumamoto Branch", "熊本 宮崎 鹿児島 沖縄", "12"),
    )
}

OFFICE_OF_PREFECTURE: dict[str, str] = {p: office.code for office in OFFICES.values() for p in office.prefectures}


def prefecture_of(address: str) -> str | None:
    """The code of the prefecture that an address begins with."""
    written = compact(address)
    return next((code for name, code in PREFECTURE_CODES.items() if written.startswith(name)), None)


def full_address(prefecture_code: str, address: str) -> str:
    """An address with its prefecture in front, which lists give within the address or in a column of its own."""
    prefecture = PREFECTURES[prefecture_code]
    return address if address.startswith(prefecture) else prefecture + address


def bureau_name_ja(prefecture_code: str) -> str:
    """The Prefectural Labour Bureau (都道府県労働局), one for each prefecture: 東京労働局, 北海道労働局."""
    name = PREFECTURES[prefecture_code]
    return f"{name if name == '北海道' else name[:-1]}労働局"


def bureau_name_en(prefecture_code: str) -> str:
    return f"{PREFECTURES_EN[prefecture_code]} Labour Bureau"
