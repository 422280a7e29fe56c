"""The invented companies. No number of theirs can be a real one: registry office 9999 does not exist."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.enums import Industry, Role
from portal.cli.demo.people import Human
from portal.domain.organisation_numbers import check_digit

HEAD = (Role.COMPANY_ADMIN, Role.REPRESENTATIVE)
NUMBER_RANGE = 999_900_000_000


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented company; the first of its people applies for it."""

    serial: int
    domain: str
    name_ja: str
    kana: str
    name_en: str
    employees: int
    years_old: float
    capital_yen: int
    industry: Industry
    tier: str
    people: tuple[Human, ...]
    learners: int = 0
    theme: str = "匿名化した診療データによる治療効果の予測"
    purchase_order: str = ""

    @property
    def corporate_number(self) -> str:
        """Valid by its check digit, and nobody's."""
        base = f"{NUMBER_RANGE + self.serial:012d}"
        return f"{check_digit(base)}{base}"

    def address(self, place: int) -> str:
        """The mail address of one of its people."""
        return self.people[place].address(self.domain)


def _head(box: str, name: str, kana: str, title: str = "研究開発部長", language: str = "ja") -> Human:
    return Human(box, name, kana, HEAD, title, "研究開発部", language)


def _billing(box: str, name: str, kana: str) -> Human:
    return Human(box, name, kana, (Role.BILLING,), "課長", "経理部")


def _with(role: Role, box: str, name: str, kana: str, title: str = "主任研究員") -> Human:
    return Human(box, name, kana, (role,), title, "データ科学部")


PHARMA = Firm(
    1, "demo-seiyaku1.example", "株式会社デモ製薬第一", "デモセイヤクダイイチ", "Demo Pharma One K.K.", 5200, 68, 12_000_000_000,
    Industry.PHARMA, "A",
    (
        _head("ichiro", "試行 一郎", "シコウ イチロウ", "執行役員"),
        _billing("keiri", "試行 経子", "シコウ ケイコ"),
        _with(Role.TRAINING, "kenshu", "試行 学", "シコウ マナブ"),
        _with(Role.LIAISON, "renraku", "試行 結衣", "シコウ ユイ", "渉外担当"),
        _with(Role.WORKING_GROUPS, "bukai", "試行 集", "シコウ アツム"),
        _with(Role.PARTICIPANT, "sanka", "試行 参", "シコウ サン"),
        Human("kanri", "試行 代子", "シコウ ヨコ", (Role.COMPANY_ADMIN,), "企画課", "経営企画部"),
        _with(Role.MENTOR, "ukeire", "試行 守", "シコウ マモル"),
    ),
    learners=1, theme="電子カルテと遺伝子情報を用いた副作用の早期発見", purchase_order="PO-DEMO-0001",
)  # fmt: skip
MEDICAL_IT = Firm(
    2, "mihon-it.example", "株式会社見本医療情報", "ミホンイリョウジョウホウ", "Mihon Medical Information Inc.", 840, 24, 480_000_000,
    Industry.MEDICAL_IT, "A",
    (_head("hajime", "見本 始", "ミホン ハジメ"), _billing("keiri", "見本 計", "ミホン ケイ")),
    learners=2,
)  # fmt: skip
GLOBAL = Firm(
    3, "example-global.example", "エグザンプル・グローバルヘルス株式会社", "エグザンプルグローバルヘルス",
    "Example Global Health K.K.", 310, 15, 300_000_000, Industry.CRO, "C",
    (
        _head("alex", "Alex Sample", "アレックス サンプル", "Managing Director", "en"),
        Human("finance", "Kim Specimen", "キム スペシメン", (Role.BILLING,), "Accountant", "Finance", "en"),
    ),
    theme="Real-world evidence from hospital records",
)  # fmt: skip
VENTURE = Firm(
    4, "venture-mihon.example", "株式会社ベンチャー見本", "ベンチャーミホン", "Venture Mihon Inc.", 18, 2.4, 90_000_000,
    Industry.MEDICAL_IT, "B", (_head("takumi", "起業 匠", "キギョウ タクミ", "代表取締役"),), learners=1,
)  # fmt: skip
FORMER = Firm(
    5, "kakuu-service.example", "架空医療サービス株式会社", "カクウイリョウサービス", "Kakuu Medical Services K.K.", 150, 30,
    50_000_000, Industry.OTHER, "C", (_head("moto", "架空 元", "カクウ ハジメ"),),
)  # fmt: skip
DIAGNOSTICS = Firm(
    6, "kakuu-shindan.example", "架空診断機器株式会社", "カクウシンダンキキ", "Kakuu Diagnostics K.K.", 960, 41, 900_000_000,
    Industry.DIAGNOSTICS, "A",
    (_head("kiki", "架空 機", "カクウ ハタ"), _billing("keiri", "架空 理", "カクウ オサム")), learners=1,
)  # fmt: skip
LATE = Firm(
    7, "kakuu-souyaku.example", "架空創薬株式会社", "カクウソウヤク", "Kakuu Drug Discovery K.K.", 130, 12, 200_000_000,
    Industry.PHARMA, "C", (_head("souta", "架空 創太", "カクウ ソウタ"),),
)  # fmt: skip
PARTIAL = Firm(
    8, "mihon-shiyaku.example", "見本試薬株式会社", "ミホンシヤク", "Mihon Reagents K.K.", 420, 35, 300_000_000,
    Industry.CHEMISTRY_FOOD, "C",
    (_head("yaku", "見本 薬", "ミホン クスリ"), _billing("keiri", "見本 試子", "ミホン タメコ")),
)  # fmt: skip
GENOME = Firm(
    9, "demo-genome.example", "デモゲノム解析合同会社", "デモゲノムカイセキ", "Demo Genome Analysis LLC", 11, 3.2, 30_000_000,
    Industry.MEDICAL_IT, "B", (_head("gen", "出本 元", "デモト ゲン", "代表社員"),), learners=1,
    theme="全ゲノム情報による疾患リスクの層別化",
)  # fmt: skip
CHEMISTRY = Firm(
    10, "kakuu-kagaku.example", "架空化学工業株式会社", "カクウカガクコウギョウ", "Kakuu Chemical Industries K.K.", 7400, 82,
    30_000_000_000, Industry.CHEMISTRY_FOOD, "A", (_head("kaga", "架空 化", "カクウ カオル"),), learners=4,
    theme="創薬候補化合物の毒性予測", purchase_order="要・別途連絡",
)  # fmt: skip
DEVICES = Firm(
    11, "mihon-device.example", "見本デバイス株式会社", "ミホンデバイス", "Mihon Devices K.K.", 230, 19, 100_000_000,
    Industry.DEVICES, "A", (_head("utsuwa", "見本 器", "ミホン ウツワ"),), learners=1,
)  # fmt: skip
INSURANCE = Firm(
    12, "demo-hoken.example", "デモ保険株式会社", "デモホケン", "Demo Insurance Co., Ltd.", 3100, 55, 20_000_000_000,
    Industry.INSURANCE_FINANCE, "C", (_head("mamoru", "出本 守", "デモト マモル"),),
)  # fmt: skip
FOOD = Firm(
    13, "reiji-food.example", "例示フード株式会社", "レイジフード", "Reiji Foods K.K.", 88, 22, 40_000_000,
    Industry.CHEMISTRY_FOOD, "C", (_head("shoku", "例示 食", "レイジ ショク"),), theme="健康食品の販売促進",
)  # fmt: skip
OLD_VENTURE = Firm(
    14, "shinise-venture.example", "株式会社老舗ベンチャー見本", "シニセベンチャーミホン", "Seasoned Venture Mihon Inc.", 30, 9,
    60_000_000, Industry.MEDICAL_IT, "B", (_head("furu", "老舗 古", "シニセ フルシ", "代表取締役"),),
)  # fmt: skip
BEGINNER = Firm(
    15, "demo-shinki.example", "デモ新規株式会社", "デモシンキ", "Demo Newcomer K.K.", 64, 6, 20_000_000, Industry.OTHER, "C",
    (_head("ara", "出本 新", "デモト アラタ"),),
)  # fmt: skip
LEAVING = Firm(
    16, "mihon-jutaku.example", "見本受託研究株式会社", "ミホンジュタクケンキュウ", "Mihon Contract Research K.K.", 210, 26, 80_000_000,
    Industry.CRO, "C", (_head("yame", "見本 辞", "ミホン ヤメ"),),
)  # fmt: skip
WAITING = Firm(
    17, "kakuu-kensa.example", "架空検査センター株式会社", "カクウケンサセンター", "Kakuu Laboratories K.K.", 640, 33, 150_000_000,
    Industry.DIAGNOSTICS, "A",
    (_head("machi", "架空 待子", "カクウ マチコ"), _billing("keiri", "架空 算", "カクウ サン")), learners=1,
)  # fmt: skip
TARDY = Firm(
    18, "reiji-kaiseki.example", "例示データ解析株式会社", "レイジデータカイセキ", "Reiji Data Analysis K.K.", 95, 11, 30_000_000,
    Industry.MEDICAL_IT, "C", (_head("osoi", "例示 遅", "レイジ チエ"),),
)  # fmt: skip
SUSPENDED = Firm(
    19, "kakuu-zairyo.example", "架空医用材料株式会社", "カクウイヨウザイリョウ", "Kakuu Medical Materials K.K.", 380, 28, 90_000_000,
    Industry.CHEMISTRY_FOOD, "C", (_head("tomari", "架空 止", "カクウ トマリ"),),
)  # fmt: skip
RISING = Firm(
    20, "demo-seicho.example", "株式会社デモ成長", "デモセイチョウ", "Demo Growth Inc.", 24, 3.1, 20_000_000,
    Industry.MEDICAL_IT, "C", (_head("nobiru", "出本 伸", "デモト ノブ", "代表取締役"),),
)  # fmt: skip
FIRMS = (
    PHARMA, MEDICAL_IT, GLOBAL, VENTURE, FORMER, DIAGNOSTICS, LATE, PARTIAL, GENOME, CHEMISTRY, DEVICES, INSURANCE,
    FOOD, OLD_VENTURE, BEGINNER, LEAVING, WAITING, TARDY, SUSPENDED, RISING,
)  # fmt: skip
