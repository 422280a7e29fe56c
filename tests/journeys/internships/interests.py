"""Students show interest, the supervisor decides by the link of a mail, company and student meet."""

from __future__ import annotations

from playwright.sync_api import expect

from portal.cli.demo import people
from tests.journeys.internships.players import (
    CELLS,
    CELLS_EN,
    FIRM,
    OTHER,
    PAPERS,
    STUDENT,
    SUPERVISOR,
    TITLES,
    VALUES,
    Players,
    panel,
)
from tests.journeys.story import Story

WORDS = "顕微鏡画像の解析を研究しています。企業の課題で手法を試したいと考えています。"
VETO = "学位論文の予備審査と重なるため、この課題は見送ってください。"


def show_interest(players: Players) -> None:
    """The student in all three, another student in the first, on a telephone and in English."""
    student, other = players.student, players.other
    players.return_to(student, "/home")
    student.follow(student.words("Internship postings"), exact=True)
    for title in TITLES:
        student.follow(title, where=student.main)
        with student.refused(422):
            student.fill({"words": "長" * 1001})
            student.press(student.words("Show interest"))
        student.fill({"words": WORDS})
        student.press(student.words("Show interest"))
        student.sees(title, WORDS)
        student.follow(student.words("See the postings"), where=student.main)
    players.return_to(other, "/internships/browse")
    other.fill({"q": "cells"}, form="main form")
    other.press(other.words("Search"))
    other.follow(CELLS_EN, where=other.main)
    other.press(other.words("Show interest"))
    other.sees(CELLS_EN)


def decide(players: Players) -> None:
    """The supervisor follows the mail of each student, without signing in: two yes and a no; and a yes."""
    supervisor = players.supervisor
    supervisor.open_mail(STUDENT.name, to=SUPERVISOR)
    supervisor.follow_mail()
    for title in (CELLS, VALUES):
        _approve(supervisor, title)
    supervisor.follow(PAPERS, where=supervisor.main)
    with supervisor.refused(422):
        supervisor.fill({"decision": "veto"})
        supervisor.press(supervisor.words("Save the decision"))
    supervisor.fill({"reason": VETO})
    supervisor.press(supervisor.words("Save the decision"))
    supervisor.open_mail(OTHER.name, to=SUPERVISOR)
    supervisor.follow_mail()
    _approve(supervisor, CELLS)
    supervisor.open("/sign-in")  # it signed nobody in
    expect(supervisor.main.locator("form").first).to_be_visible()
    student, company = players.student, players.company
    players.return_to(student, "/internships/interests")
    student.sees(VETO)
    players.return_to(company, players.places["round"])
    company.follow(company.words("%(num)d applicant", num=2), where=company.main)
    company.sees(STUDENT.name, OTHER.name)
    company.sees_no(VETO)


def invite(players: Players) -> None:
    """The company offers two times and invites; without place and link it is refused."""
    company = players.company
    players.return_to(company, players.places["round"])
    company.follow(company.words("Interviews"), where=company.main, exact=True)
    players.places["interviews"] = company.page.url
    company.follow(company.words("Offer times for interviews"), where=panel(company, CELLS))
    times = {
        "day": "2026-11-26",
        "time": "14:00",
        "minutes": "30",
        "count": "2",
        "interviewer": "研究開発部 架空 太郎",
    }
    with company.refused(422):
        company.fill(times)
        company.press(company.words("Offer these times"))
    company.fill({"link": "https://meet.example/cells"})
    company.press(company.words("Offer these times"))
    company.follow(company.words("See the applicants"))
    company.follow(STUDENT.name, where=company.main)
    company.sees(WORDS)
    company.press(company.words("Invite to an interview"), where=panel(company, CELLS))
    company.sees(company.words("The student is invited and has been told by mail."))


def agree(players: Players) -> None:
    """The student takes the second time, from the mail; both have the mail with the day, and the addresses open."""
    student, company, house = players.student, players.company, players.house
    house.work()
    student.open_mail(FIRM.name_ja, to=STUDENT.address(people.UNIVERSITY_DOMAIN))
    student.follow_mail()
    with student.refused(422):
        student.press(student.words("Take this time"))
    student.main.locator('[name="slot_id"]').nth(1).check()
    student.press(student.words("Take this time"))
    student.sees(FIRM.address(0))
    house.work()
    text = company.open_mail(STUDENT.name, to=FIRM.address(0))
    assert "14:30" in text, text


def note_interview(players: Players) -> None:
    """It took place, says the company afterwards."""
    company = players.company
    players.return_to(company, players.places["interviews"])
    company.press(company.words("Took place"))
    company.sees(company.words("This is noted."))


def _approve(supervisor: Story, title: str) -> None:
    supervisor.follow(title, where=supervisor.main)
    supervisor.fill({"decision": "approve"})
    supervisor.press(supervisor.words("Save the decision"))
