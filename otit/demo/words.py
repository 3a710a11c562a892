"""Invented words. Names are put together from words that mean "example" or "imaginary", so that none can be taken for
a real body or person; each comes with its reading in katakana."""

from dataclasses import dataclass
from typing import Final

Word = tuple[str, str]

MARKERS: Final[tuple[Word, ...]] = (
    ("見本", "ミホン"),
    ("架空", "カクウ"),
    ("例示", "レイジ"),
    ("仮想", "カソウ"),
    ("模擬", "モギ"),
    ("試作", "シサク"),
    ("雛形", "ヒナガタ"),
    ("設例", "セツレイ"),
    ("想定", "ソウテイ"),
    ("仮題", "カダイ"),
)
LANDFORMS: Final[tuple[Word, ...]] = (
    ("野", "ノ"),
    ("原", "ハラ"),
    ("台", "ダイ"),
    ("ヶ丘", "ガオカ"),
    ("谷", "ダニ"),
    ("浜", "ハマ"),
    ("川", "ガワ"),
    ("山", "ヤマ"),
    ("島", "ジマ"),
    ("崎", "サキ"),
    ("沢", "ザワ"),
    ("森", "モリ"),
    ("泉", "イズミ"),
    ("瀬", "セ"),
    ("里", "サト"),
)
PLACES: Final[tuple[Word, ...]] = tuple((m + f, k + s) for f, s in LANDFORMS for m, k in MARKERS)
MUNICIPALITIES: Final = ("架空市", "例示市", "仮想市", "模擬市", "想定市", "雛形町", "設例町", "試作町", "見本町")

SURNAMES: Final[tuple[Word, ...]] = (
    ("架山", "カヤマ"),
    ("例沢", "レイザワ"),
    ("仮野", "カリノ"),
    ("見本", "ミホン"),
    ("雛野", "ヒナノ"),
    ("模林", "モバヤシ"),
    ("試原", "シハラ"),
    ("設平", "セツヒラ"),
    ("例田", "レイダ"),
    ("架野", "カノ"),
    ("仮森", "カリモリ"),
    ("想川", "ソウカワ"),
)
GIVEN_NAMES: Final[tuple[Word, ...]] = (
    ("誠", "マコト"),
    ("恵", "メグミ"),
    ("大輔", "ダイスケ"),
    ("美咲", "ミサキ"),
    ("健一", "ケンイチ"),
    ("由美", "ユミ"),
    ("翔太", "ショウタ"),
    ("千夏", "チナツ"),
    ("隆", "タカシ"),
    ("直子", "ナオコ"),
    ("拓也", "タクヤ"),
    ("陽子", "ヨウコ"),
    ("浩二", "コウジ"),
    ("彩", "アヤ"),
    ("勇気", "ユウキ"),
    ("悠", "ハルカ"),
)

# What a supervising organization is called around its place: before, after, reading before, reading after.
SUPERVISING_FORMS: Final = (
    ("協同組合", "国際交流センター", "キョウドウクミアイ", "コクサイコウリュウセンター"),
    ("", "技能振興協同組合", "", "ギノウシンコウキョウドウクミアイ"),
    ("", "事業協同組合", "", "ジギョウキョウドウクミアイ"),
    ("協同組合", "人材育成会", "キョウドウクミアイ", "ジンザイイクセイカイ"),
    ("", "農業技術協同組合", "", "ノウギョウギジュツキョウドウクミアイ"),
    ("", "建設技能協同組合", "", "ケンセツギノウキョウドウクミアイ"),
)


@dataclass(frozen=True)
class Trade:
    """An industry: how its companies are called, which occupation codes its trainees have, its share."""

    industry: str
    companies: tuple[Word, ...]
    occupations: tuple[str, ...]
    share: int
    farm: bool = False
    care: bool = False
    place: str = "本社工場及び宿泊施設"


TRADES: Final[tuple[Trade, ...]] = (
    Trade(
        "農業", (("農園", "ノウエン"), ("ファーム", "ファーム")), ("1-1", "1-2"), 9, farm=True, place="圃場及び宿泊施設"
    ),
    Trade("漁業", (("水産", "スイサン"),), ("2-1", "2-2"), 3, place="加工場及び宿泊施設"),
    Trade(
        "建設業",
        (
            ("建設", "ケンセツ"),
            ("鉄筋工業", "テッキンコウギョウ"),
            ("型枠", "カタワク"),
            ("左官工業", "サカンコウギョウ"),
        ),
        ("3-2", "3-4", "3-6", "3-7", "3-10"),
        20,
        place="建設現場及び宿泊施設",
    ),
    Trade(
        "食料品製造業",
        (("食品", "ショクヒン"), ("製菓", "セイカ"), ("惣菜", "ソウザイ"), ("ミート", "ミート")),
        ("4-2", "4-4", "4-6", "4-9"),
        19,
    ),
    Trade("繊維工業", (("縫製", "ホウセイ"), ("ソーイング", "ソーイング")), ("5-5", "5-6", "5-9"), 9),
    Trade(
        "金属製品製造業",
        (("精機", "セイキ"), ("金属工業", "キンゾクコウギョウ"), ("製作所", "セイサクショ"), ("鋳造", "チュウゾウ")),
        ("6-1", "6-3", "6-5", "6-9"),
        17,
    ),
    Trade("プラスチック製品製造業", (("樹脂", "ジュシ"), ("プラスチック工業", "プラスチックコウギョウ")), ("7-4",), 7),
    Trade("塗装・溶接業", (("塗装", "トソウ"), ("溶接工業", "ヨウセツコウギョウ")), ("7-6", "7-7"), 9),
    Trade("社会福祉・介護事業", (("会", "カイ"),), ("7-13",), 7, care=True, place="介護施設及び宿泊施設"),
)
COMPANY_FORMS: Final = (
    ("株式会社", "", "カブシキガイシャ", ""),
    ("株式会社", "", "カブシキガイシャ", ""),
    ("", "株式会社", "", "カブシキガイシャ"),
    ("有限会社", "", "ユウゲンガイシャ", ""),
    ("合同会社", "", "ゴウドウガイシャ", ""),
)

# Area codes are real, an exchange of "000" is not: nobody can be called.
AREA_CODES: Final = {
    "01": "011", "02": "017", "03": "019", "04": "022", "05": "018", "06": "023", "07": "024", "08": "029",
    "09": "028", "10": "027", "11": "048", "12": "043", "13": "03", "14": "045", "15": "025", "16": "076",
    "17": "076", "18": "0776", "19": "055", "20": "026", "21": "058", "22": "054", "23": "052", "24": "059",
    "25": "077", "26": "075", "27": "06", "28": "078", "29": "0742", "30": "073", "31": "0857", "32": "0852",
    "33": "086", "34": "082", "35": "083", "36": "088", "37": "087", "38": "089", "39": "088", "40": "092",
    "41": "0952", "42": "095", "43": "096", "44": "097", "45": "0985", "46": "099", "47": "098",
}  # fmt: skip

# Sending organizations: country, name. The invented part is the word for "example" in the country's language.
SENDING: Final[tuple[Word, ...]] = (
    ("VNM", "Mau Xanh Human Resources JSC"),
    ("VNM", "Vi Du Manpower Cooperation JSC"),
    ("VNM", "Hoa Mau International Training JSC"),
    ("VNM", "Vi Du Sao Labour Export Co., Ltd."),
    ("VNM", "Mau Bien Dong Human Power JSC"),
    ("VNM", "Gia Dinh Mau Service JSC"),
    ("VNM", "Vi Du Nam Training and Manpower Co., Ltd."),
    ("IDN", "LPK Contoh Karya Mandiri"),
    ("IDN", "PT Contoh Nusantara Bersama"),
    ("IDN", "LPK Misal Sejahtera"),
    ("IDN", "PT Misalnya Jaya Abadi"),
    ("PHL", "Halimbawa Overseas Manpower Services Inc."),
    ("PHL", "Kunwari International Placement Corp."),
    ("PHL", "Huwaran Skills Training Inc."),
    ("MMR", "Namuna Golden Services Co., Ltd."),
    ("MMR", "Oupama Manpower Agency Co., Ltd."),
    ("MMR", "Namuna River Overseas Co., Ltd."),
    ("KHM", "Kumru Human Resource Co., Ltd."),
    ("KHM", "Udaharn Skills (Cambodia) Plc."),
    ("KHM", "Kumru Angkea Manpower Co., Ltd."),
    ("NPL", "Namuna Overseas Nepal Pvt. Ltd."),
    ("BGD", "Udaharon Overseas Ltd."),
    ("MNG", "Jishee Khuch LLC"),
    ("LAO", "Tua Yang Manpower Sole Co., Ltd."),
    ("LKA", "Udaharana Lanka Foreign Employment (Pvt) Ltd."),
)
