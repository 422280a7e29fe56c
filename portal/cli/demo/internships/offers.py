"""What companies of the demo offer, round by round."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.cli.demo.firms import GLOBAL, MEDICAL_IT, PHARMA, VENTURE, Firm
from portal.internships.enums import DataAgreement, PayUnit, RemoteWork, WorkingLanguage


@dataclass(frozen=True, slots=True)
class Offer:
    """A posting of the demo; `number` tells a firm's postings apart."""

    firm: Firm
    number: int
    title: str
    title_en: str
    area: str
    duties: str
    knowledge: str
    skills: str
    prefecture: str
    workplace: str
    remote: RemoteWork
    language: WorkingLanguage
    weeks: int
    pay: tuple[PayUnit, int | None]
    places: int
    data: tuple[str, ...] = ()
    data_used: str = ""
    least: int = 0


DRUG = Offer(
    PHARMA, 1, "創薬標的の探索におけるオミックス解析", "Omics analysis for drug targets", "DRUG",
    "公開オミックスデータと社内データを組み合わせ、疾患に関わる分子の候補を絞り込みます。研究員2名の班に加わり、最終週に社内で報告していただきます。",
    "統計学・機械学習の基礎", "PythonまたはR、論文の読解", "13", "東京都千代田区架空町1-1 研究本部", RemoteWork.PARTLY,
    WorkingLanguage.JAPANESE, 12, (PayUnit.HOUR, 2_000), 2, (DataAgreement.TRANSFER.value,), "社内の細胞実験データ（個人情報を含みません）",
)  # fmt: skip
TRIAL = Offer(
    PHARMA, 2, "治験データの品質管理の自動化", "Automating quality control of clinical trial data", "DRUG",
    "治験データの点検規則を整理し、例外を検出するプログラムを作成します。", "医学統計の基礎", "Python", "27", "大阪府大阪市架空区2-2",
    RemoteWork.ON_SITE, WorkingLanguage.JAPANESE, 8, (PayUnit.DAY, 14_000), 1,
)  # fmt: skip
IMAGES = Offer(
    MEDICAL_IT, 1, "医用画像の診断支援アルゴリズムの評価", "Evaluating algorithms for diagnostic imaging", "IMAGING",
    "匿名化した画像を用いて、診断支援アルゴリズムの性能を評価します。", "画像処理または深層学習", "Python、深層学習の開発環境", "14",
    "神奈川県横浜市架空区3-3", RemoteWork.REMOTE, WorkingLanguage.EITHER, 10, (PayUnit.MONTH, 280_000), 2,
    (DataAgreement.SAMPLES.value, DataAgreement.ETHICS.value), "匿名化した胸部画像",
)  # fmt: skip
RECORDS = Offer(
    GLOBAL, 1, "リアルワールドデータの解析", "Real-world data studies", "DXTX", "診療データベースを用いた観察研究を行います。", "疫学", "R", "13",
    "東京都港区架空4-4", RemoteWork.PARTLY, WorkingLanguage.ENGLISH, 9, (PayUnit.UNPAID, None), 1,
)  # fmt: skip
CARE = Offer(
    VENTURE, 1, "見守り機器のセンサーデータ解析", "Sensor data for care at home", "CARE", "", "", "", "", "", RemoteWork.PARTLY,
    WorkingLanguage.JAPANESE, 8, (PayUnit.HOUR, 1_500), 1,
)  # fmt: skip
STANDARD = Offer(
    PHARMA, 3, "臨床試験データの標準化", "Standards for clinical trial data", "DRUG",
    "社内の臨床試験データを国際標準の形式に整理し、変換の検証手順を作成します。", "医学統計の基礎", "Python", "13",
    "東京都千代田区架空町1-1 研究本部", RemoteWork.PARTLY, WorkingLanguage.JAPANESE, 8, (PayUnit.HOUR, 1_900), 1,
)  # fmt: skip
REPORTS = Offer(
    MEDICAL_IT, 3, "読影レポートの言語処理", "Language processing of radiology reports", "IMAGING",
    "匿名化した読影レポートから所見を抽出し、抽出の精度を評価します。", "自然言語処理", "Python", "14", "神奈川県横浜市架空区3-3",
    RemoteWork.REMOTE, WorkingLanguage.EITHER, 9, (PayUnit.MONTH, 260_000), 2, (DataAgreement.ETHICS.value,), "匿名化した読影レポート",
)  # fmt: skip
SAFETY = Offer(
    GLOBAL, 3, "有害事象報告の信号検出", "Signal detection in adverse event reports", "DXTX",
    "国内外の公開データを用いて、医薬品の有害事象の信号検出の手法を比較します。", "疫学、医学統計", "RまたはPython", "13", "東京都港区架空4-4",
    RemoteWork.PARTLY, WorkingLanguage.ENGLISH, 10, (PayUnit.HOUR, 2_200), 1,
)  # fmt: skip
MODELS = Offer(
    PHARMA, 4, "化合物の毒性予測モデルの開発", "Models that predict toxicity of compounds", "DRUG",
    "公開データと社内データから化合物の毒性を予測するモデルを開発し、予測の根拠を可視化します。", "機械学習", "Python", "13",
    "東京都千代田区架空町1-1 研究本部", RemoteWork.PARTLY, WorkingLanguage.JAPANESE, 12, (PayUnit.HOUR, 2_000), 2,
    (DataAgreement.TRANSFER.value,), "社内の毒性試験データ（個人情報を含みません）",
)  # fmt: skip
DESIGN = Offer(
    PHARMA, 5, "臨床試験計画のシミュレーション", "Simulating designs of clinical trials", "DRUG",
    "適応的な臨床試験の計画を計算機上で比較し、症例数の見積もりを支援します。", "医学統計", "R", "27", "大阪府大阪市架空区2-2",
    RemoteWork.ON_SITE, WorkingLanguage.JAPANESE, 8, (PayUnit.DAY, 14_000), 1,
)  # fmt: skip
SEGMENTS = Offer(
    MEDICAL_IT, 4, "医用画像の領域抽出", "Segmentation of medical images", "IMAGING",
    "少ない教師データから臓器の領域を抽出する手法を実装し、施設間の差を評価します。", "深層学習", "Python", "14", "神奈川県横浜市架空区3-3",
    RemoteWork.REMOTE, WorkingLanguage.EITHER, 10, (PayUnit.MONTH, 280_000), 2, (DataAgreement.ETHICS.value,), "匿名化した胸部画像",
)  # fmt: skip
COHORT = Offer(
    GLOBAL, 4, "診療データベースによる観察研究", "Observational studies on care databases", "DXTX",
    "診療データベースを用いて、処方の変化と予後の関係を調べる観察研究を計画し、実施します。", "疫学", "R", "13", "東京都港区架空4-4",
    RemoteWork.PARTLY, WorkingLanguage.ENGLISH, 9, (PayUnit.HOUR, 2_200), 1,
)  # fmt: skip
SENSORS = Offer(
    VENTURE, 4, "見守りセンサーの異常検知", "Anomalies in sensors for care at home", "CARE",
    "在宅の見守りセンサーの時系列から、体調の変化の兆しを検知する手法を開発します。", "時系列解析", "Python", "26", "京都府京都市架空区5-5",
    RemoteWork.PARTLY, WorkingLanguage.JAPANESE, 8, (PayUnit.HOUR, 1_600), 1,
)  # fmt: skip
PATHWAYS = replace(
    MODELS, number=6, title="分子経路のネットワーク解析", title_en="Network analysis of molecular pathways", places=1, weeks=8, data=(),
    data_used="", duties="公開データベースの分子経路をつなぎ合わせ、疾患に関わる経路を抽出します。",
)  # fmt: skip
DOSAGE = replace(
    DESIGN, number=7, title="投与量と効果のモデリング", title_en="Modelling dose and response",
    duties="臨床試験データから投与量と効果の関係を推定し、推定の不確かさを評価します。",
)  # fmt: skip
VIDEOS = replace(
    SEGMENTS, number=6, title="内視鏡動画の要約", title_en="Summaries of endoscopy videos", places=3, least=2, weeks=8,
    duties="匿名化した内視鏡動画から要点となる場面を抽出し、読影の負担がどれだけ減るかを評価します。", data=(), data_used="",
)  # fmt: skip
REGISTRY = replace(
    COHORT, number=6, title="疾患レジストリの品質評価", title_en="Quality of disease registries", weeks=8,
    duties="疾患レジストリの欠測と不整合を調べ、解析への影響を評価します。",
)  # fmt: skip
DRAFTED = (DRUG, TRIAL, IMAGES, RECORDS, CARE)
SENT = (DRUG, TRIAL, IMAGES, RECORDS)
OPEN = (DRUG, IMAGES)
REMARK = "インターンシップは原則として有給です。報酬についてご検討をお願いいたします。無報酬とされる場合は、その理由を業務内容にご記入ください。"
