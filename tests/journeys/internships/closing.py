"""After the last day: both evaluate, the office issues sheet and certificate, and a third party makes sure of one."""

from __future__ import annotations

from sqlalchemy import select

from portal.cli.demo import people
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.notifications.models import Message
from tests.journeys.internships.players import FIRM, STUDENT, VALUES, Players, panel, tells_wishes
from tests.journeys.papers import read_paper
from tests.journeys.story import Story, Typed

PRAISE = "検査値の時系列から予兆を捉える手法を自ら提案し、社内で再現できる形にまとめました。"
OPINION = "担当者の助言が的確で、研究にも役立ちました。"


def evaluate(players: Players) -> None:
    """The company in one go after it is told what is missing, the student over a draft; neither reads the other before."""
    company, student = players.company, players.student
    _form(players, company)
    marks: dict[str, Typed] = {f"mark_{each}": "4" for each in Criterion}
    company.fill(marks)
    with company.refused(422):
        company.press(company.words("Send the evaluation"))
    company.fill(
        {
            "interviewed_on": "2027-02-05",
            "interviewer": "研究開発部 架空 太郎",
            "interviewer_en": "Taro Kakuu, R&D",
            "overall": "5",
            "words": PRAISE,
        }
    )
    company.press(company.words("Send the evaluation"))
    company.sees(PRAISE)
    _form(players, student)
    student.sees_no(PRAISE)
    student.fill({f"mark_{each}": "5" for each in HostCriterion} | {"words": OPINION})
    student.press(student.words("Save the draft"))
    student.fill({"overall": "5"})
    student.press(student.words("Send the evaluation"))
    student.sees(OPINION, PRAISE)
    company.page.reload()
    company.sees_no(OPINION)  # the student did not open it


def issue_papers(players: Players) -> None:
    """One button, two papers."""
    office = players.office
    players.return_to(office, players.places["placement_of_office"])
    office.follow(office.words("Evaluation sheet and certificate"))
    office.fill({"despite_open_weeks": True})
    office.press(office.words("Issue the sheet and the certificate"))
    office.sees(office.words("Sheet and certificate are issued; the student has been told."))
    players.house.work()


def keep_papers(players: Players) -> None:
    """The student saves both, in both languages."""
    student = players.student
    student.open_mail("EVC-", to=STUDENT.address(people.UNIVERSITY_DOMAIN))
    student.follow_mail()
    for kind, words in (("Evaluation sheet", (PRAISE,)), ("Certificate of evaluation", (FIRM.name_ja,))):
        links = panel(student, student.words(kind)).locator("a[download]")
        number = _said(student, kind, "Number")
        read_paper(student, links.nth(0), number, STUDENT.name, VALUES, *words)
        read_paper(student, links.nth(1), number, FIRM.name_en)
    players.places["number"] = _said(student, "Certificate of evaluation", "Number")
    players.places["code"] = _said(student, "Certificate of evaluation", "Check code")


def verify(players: Players) -> None:
    """Anybody: without the right code nothing, with it whether it holds and what it says."""
    anybody = players.anybody
    anybody.open("/certificates/verify")
    with anybody.refused(422):
        anybody.fill({"number": players.places["number"], "code": "AAAA-AAAA-AAAA"})
        anybody.press(anybody.words("Verify"), exact=True)
    anybody.sees_no(STUDENT.name, anybody.words("We issued this document, and it holds"))
    anybody.fill({"number": players.places["number"], "code": players.places["code"]})
    anybody.press(anybody.words("Verify"), exact=True)
    anybody.sees(STUDENT.name, FIRM.name_ja, anybody.words("We issued this document, and it holds"))


def mails_told_nothing(players: Players) -> None:
    """No mail to anybody else says in which order the student wished."""
    with players.house.app.app_context():
        mails = db.session.execute(select(Message.address, Message.subject, Message.text, Message.html)).all()
        rollback()
        db.session.remove()
    own = STUDENT.address(people.UNIVERSITY_DOMAIN)
    assert any(address == own for address, *_said in mails)
    assert [address for address, *said in mails if address != own and any(map(tells_wishes, said))] == []


def _form(players: Players, story: Story) -> None:
    players.return_to(story, players.places["placement"])
    story.follow(
        story.words("Evaluate the internship"), where=panel(story, story.words("What you have to do now"))
    )


def _said(story: Story, kind: str, term: str) -> str:
    facts = panel(story, story.words(kind)).locator("dl > div")
    fact = facts.filter(has=story.page.locator("dt", has_text=story.words(term))).first
    return fact.locator("dd").inner_text().strip()
