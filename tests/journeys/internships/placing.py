"""The result, and the placement that came of it: a period, a checklist, the start, hours, half-time."""

from __future__ import annotations

from playwright.sync_api import expect

from portal.cli.demo import people
from tests.journeys.companies import upload
from tests.journeys.internships.players import (
    CELLS_EN,
    FIRM,
    OTHER,
    ROUND,
    ROUND_EN,
    STUDENT,
    VALUES,
    WISHES,
    Players,
    panel,
)
from tests.journeys.story import Story

DOMAIN = people.UNIVERSITY_DOMAIN
DAY_BY_DAY = {f"hours_{n}": hours for n, hours in enumerate(("7:30", "7:30", "8", "７：３０", "6"))}
CONCERN = "計算機の利用権限がまだ届かず、解析を始められません。"


def read_results(players: Players) -> None:
    """By the mail of the minute of publication: the student why, the other why not, the company whom."""
    student, other, company = players.student, players.other, players.company
    players.return_to(student, "/home")
    student.open_mail(ROUND, to=STUDENT.address(DOMAIN))
    student.follow_mail()
    student.sees(student.words("You are placed"), student.words("You are placed here."))
    assert student.main.locator("table th[scope=row]").all_inner_texts()[0].startswith(WISHES[0])
    players.return_to(other, "/home")
    other.open_mail(ROUND_EN, to=OTHER.address(DOMAIN))
    other.follow_mail()
    other.sees(other.words("No place came of this round"), CELLS_EN)
    other.sees(other.words("The company had filled the number of students it takes in all."))
    other.sees_no(STUDENT.name, "院生")
    players.return_to(company, "/home")
    company.open_mail(ROUND, to=FIRM.address(0))
    company.follow_mail()
    company.sees(STUDENT.name, STUDENT.address(DOMAIN), VALUES)
    company.sees_no(OTHER.name)


def agree_on_period(players: Players) -> None:
    """The company proposes two days, the student agrees; too short a stay is refused."""
    company, student = players.company, players.student
    company.follow(company.words("Internship placements"), exact=True)
    company.follow(VALUES, where=company.main)
    players.places["placement"] = company.page.url
    company.follow(company.words("Propose a period"))
    with company.refused(422):
        company.fill({"starts_on": "2026-12-14", "ends_on": "2027-01-31"})
        company.press(company.words("Propose"), exact=True)
    company.fill({"ends_on": "2027-02-07"})
    company.press(company.words("Propose"), exact=True)
    student.follow(student.words("Internship placements"), exact=True)
    student.follow(VALUES, where=student.main)
    student.press(student.words("Agree to this period"))
    student.sees(student.words("The period is agreed upon."))


def do_checklist(players: Players) -> None:
    """Each side does what is its own; what the company forgets stands in the way of the start."""
    company, student, office = players.company, players.student, players.office
    company.open(players.places["placement"])
    company.follow(company.words("Employment contract"))
    company.page.locator("main input[type=file]").set_input_files(upload("雇用契約書.pdf"))
    company.press(company.words("Add the document"))
    company.sees("雇用契約書.pdf")
    company.press(company.words("Mark as done"))
    student.follow(student.words("Employment contract"))
    student.sees("雇用契約書.pdf")
    student.open(players.places["placement"])
    student.follow(student.words("Insurance"), where=student.main, exact=True)
    student.press(student.words("Mark as done"))
    players.return_to(office, "/staff")
    office.follow(office.words("Internship placements"), exact=True)
    office.follow(STUDENT.name, where=office.main)
    players.places["placement_of_office"] = office.page.url
    for item in ("Agreement between university and company", "Data transfer agreement"):
        office.follow(office.words(item))
        office.press(office.words("Mark as done"))
        office.follow(STUDENT.name, where=office.main)
    office.follow(office.words("Terms on intellectual property"))
    with office.refused(422):
        office.press(office.words("Waive the item"))
    office.fill({"reason": "募集要項の条件のとおりとするため"})
    office.press(office.words("Waive the item"))
    company.open(players.places["placement"])
    company.sees(company.words("Not everything that has to be done before the start is done."))
    expect(company.main.get_by_role("button", name=company.words("Start the internship"))).to_have_count(0)


def start(players: Players) -> None:
    """On the first day the last item is done, and the company starts it."""
    company = players.company
    players.return_to(company, players.places["placement"])
    company.follow(company.words("Confidentiality agreement"))
    company.press(company.words("Mark as done"))
    company.press(company.words("Start the internship"))
    company.sees(company.words("Internship under way"))


def enter_hours(players: Players) -> None:
    """The student's first week, once misread; the company confirms what it saw."""
    student, company = players.student, players.company
    players.return_to(student, players.places["placement"])
    student.follow(student.words("See the hours"))
    student.follow(student.words("Enter"), where=student.main)
    with student.refused(422):
        student.fill(DAY_BY_DAY | {"hours_1": "七時間"})
        student.press(student.words("Save"), exact=True)
    student.fill({"hours_1": "7:30", "words_0": "データの受け取り", "words": "前処理と探索的解析"})
    student.press(student.words("Save"), exact=True)
    student.sees("36:30")
    players.return_to(company, players.places["placement"])
    company.follow(company.words("See the hours"))
    company.lead(company.main.locator("table th a").first.click)
    company.sees("36:30")
    company.press(company.words("Confirm the hours"))
    company.sees(company.words("Confirmed by the company"))


def half_time(players: Players) -> None:
    """Both answer; what worries the student is read by the office alone, which writes down what it did."""
    student, company, office = players.student, players.company, players.office
    _check(players, student)
    with student.refused(422):
        student.fill({"progress": "3", "support": "4", "has_concern": True})
        student.press(student.words("Send"), exact=True)
    student.fill({"concern": CONCERN})
    student.press(student.words("Send"), exact=True)
    _check(players, company)
    company.fill({"progress": "4", "support": "4"})
    company.press(company.words("Send"), exact=True)
    company.sees_no(CONCERN)
    players.return_to(office, players.places["placement_of_office"])
    office.follow(office.words("Half-time check and evaluations"))
    office.sees(CONCERN)
    office.fill({"words": "企業の担当者に確認し、権限が付与されました。"})
    office.press(office.words("Write it down"))
    office.sees(office.words("A concern, followed up"))


def _check(players: Players, story: Story) -> None:
    players.return_to(story, players.places["placement"])
    story.follow(
        story.words("Answer the half-time check"), where=panel(story, story.words("What you have to do now"))
    )
