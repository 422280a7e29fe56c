"""A round is planned, postings are written, sent in, corrected and opened to students."""

from __future__ import annotations

from tests.journeys.internships.players import CELLS, CELLS_EN, FIRM, PAPERS, ROUND, ROUND_EN, VALUES, Players
from tests.journeys.story import Story, Typed

TIMETABLE: dict[str, Typed] = {
    "opens_on": "2026-11-22", "opens_time": "09:00", "interviews_on": "2026-11-24", "interviews_time": "09:00",
    "ranking_on": "2026-11-30", "ranking_time": "09:00", "locks_on": "2026-12-04", "locks_time": "17:00",
    "publishes_on": "2026-12-07", "publishes_time": "10:00", "ends_on": "2027-02-26", "ends_time": "17:00",
}  # fmt: skip
WORK: dict[str, Typed] = {
    "title": CELLS, "title_en": CELLS_EN, "area": "DRUG", "duties": "顕微鏡画像から細胞の種類を判別するプログラムを作成し、精度を評価します。",
    "knowledge": "画像処理の基礎", "skills": "Python", "mentor": "研究開発部 主任 架空 太郎", "prefecture": "13",
    "workplace": "東京都千代田区架空町1-1", "remote": "partly", "language": "either", "starts_from": "2026-12-14",
    "ends_by": "2027-03-19", "weeks": "8", "days_a_week": "5", "pay_unit": "hour", "pay_yen": "2000",
    "rights": "成果の帰属は、所属大学と協議のうえ定めます。", "confidentiality": "秘密保持契約を締結します。期間は終了後3年間です。",
    "data_agreements": ["transfer"], "data_used": "社内の細胞画像（個人情報を含みません）",
}  # fmt: skip
REMARK = "使用するデータの取得元を業務内容にご記入ください。"


def plan_round(players: Players) -> None:
    """The office plans it; a timetable that runs backwards is refused."""
    office = players.office
    office.open("/staff")
    office.follow(office.words("Internships"), exact=True)
    office.follow(office.words("Plan a round"))
    named: dict[str, Typed] = {
        "fiscal_year": "2026",
        "name_ja": ROUND,
        "name_en": ROUND_EN,
        "longest_list": "5",
    }
    with office.refused(422):
        office.fill(named | TIMETABLE | {"locks_on": "2026-11-29"})
        office.press(office.words("Plan the round"))
    office.fill({"locks_on": TIMETABLE["locks_on"]})
    office.press(office.words("Plan the round"))
    office.sees(office.words("The round is planned."))


def write_postings(players: Players) -> None:
    """The company writes one, is told what it lacks, sends it in, copies it twice, and takes one student in all."""
    company = players.company
    company.open("/home")
    company.follow(company.words("Internships"), exact=True)
    company.follow(ROUND, where=company.main)
    players.places["round"] = company.page.url
    company.press(company.words("Write a posting"))
    with company.refused(422):
        company.fill({"title": CELLS})
        _send(company)
    company.fill(WORK)
    _send(company)
    for title in (VALUES, PAPERS):
        company.press(company.words("Copy into %(round)s", round=ROUND))
        company.fill({"title": title, "title_en": ""})
        _send(company)
    company.open(players.places["round"])
    with company.refused(422):
        company.fill({"total": "-1"})
        company.press(company.words("Save"), exact=True)
    company.fill({"total": "１"})
    company.press(company.words("Save"), exact=True)
    company.sees(company.words("The number of students is saved."))


def review_postings(players: Players) -> None:
    """The office opens two and wants the third corrected, with a reason."""
    office, company = players.office, players.company
    office.page.reload()
    for title in (CELLS, VALUES):
        office.follow(title, where=office.main)
        _publish(office)
    office.follow(PAPERS, where=office.main)
    with office.refused(422):
        office.press(office.words("Return"), exact=True)
    office.fill({"remark": REMARK})
    office.press(office.words("Return"), exact=True)
    players.house.work()
    company.open_mail("修正", to=company_address())
    company.follow_mail()
    company.sees(REMARK)
    company.follow(company.words("Change and send it"))
    company.fill({"duties": "公開論文の抄録から疾患と遺伝子の関係を抽出します。"})
    _send(company)
    office.page.reload()
    office.follow(PAPERS, where=office.main)
    _publish(office)


def company_address() -> str:
    """Of the person who writes for the company."""
    return FIRM.address(0)


def _send(company: Story) -> None:
    company.press(company.words("Send to the career-support office"))


def _publish(office: Story) -> None:
    office.press(office.words("Open it to students"))
    office.sees(office.words("Students may see this posting now. The company has been told."))
