"""Mails around questions, one function a reader. No mail to a company names a student who did not say so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for, staff_with
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.internships.question_flow import TURN, Side, Turn
from portal.internships.models import InternshipPosting, Question
from portal.notifications.services import send_mail


def tell_office(question: Question, *, is_reminder: bool = False) -> None:
    """To career support: a question or an answer waits to be forwarded."""
    link = absolute_url("internships_staff.show_question", question_id=question.id)
    _send(question, "question_office", staff_with(Role.CAREER_SUPPORT), None, link, is_reminder=is_reminder)


def tell(question: Question, side: Side, *, is_reminder: bool = False) -> None:
    """To one side: forwarded, delivered, sent back, or closed."""
    link = absolute_url("internships.show_question", question_id=question.id)
    if side is Side.STUDENT:
        readers = [db.session.get_one(Person, question.student_id)]
        _send(
            question, "question", readers, None, link, is_reminder=is_reminder, is_asker=question.side is side
        )
        return
    company = db.session.get_one(Organisation, question.organisation_id)
    hosts = {person.id: person for person in hosts_of(company)}
    known = hosts.get(question.asked_by_id if question.side is side else question.answered_by_id or 0)
    people = [known] if known else list(hosts.values())
    _send(
        question, "question", people, company, link, is_reminder=is_reminder, is_asker=question.side is side
    )


def remind(question: Question) -> None:
    """To whoever has the next move."""
    turn = TURN[question.state]
    if turn is Turn.OFFICE:
        tell_office(question, is_reminder=True)
    else:
        tell(question, question.side if turn is Turn.ASKER else question.side.other, is_reminder=True)


def _send(
    question: Question, event: str, people: Iterable[Person], company: Organisation | None, link: str, *, is_reminder: bool, **more: Any
) -> None:  # fmt: skip
    posting = db.session.get_one(InternshipPosting, question.posting_id)
    context = {"state": question.state.value, "posting": posting, "is_reminder": is_reminder, **more}
    for person in people:
        send_mail(
            event=f"internships/{event}",
            to=recipient_for(person, company),
            context=context,
            button=(_l("See the question"), link),
            key=f"question:{question.id}:{question.version}:{event}:{'again' if is_reminder else 'once'}:{person.id}",
        )
