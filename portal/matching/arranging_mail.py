"""Mails about placements arranged beforehand, one function a message. The supervisor needs no account: their link works until the lists lock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for, staff_with
from portal.careers.queries.supervision import recipient_of, supervision_of
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.internships.timetable import CHOOSING
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.pages import posting_facts
from portal.internships.services.asking import link_for
from portal.matching.enums import Side
from portal.matching.models import Prearrangement
from portal.notifications.services import Recipient, send_mail


def ask_others(pair: Prearrangement) -> None:
    """To the sides that have not agreed yet."""
    agreed = {Side.STUDENT: pair.student_at, Side.COMPANY: pair.company_at, Side.OFFICE: pair.office_at}
    _tell(pair, "asked", {side for side, at in agreed.items() if at})


def tell_fixed(pair: Prearrangement) -> None:
    """To all four."""
    _tell(pair, "fixed", set())


def tell_ended(pair: Prearrangement) -> None:
    """To all but who ended it."""
    _tell(pair, "ended", {Side(pair.ended_by)})


def _tell(pair: Prearrangement, state: str, without: set[Side]) -> None:
    posting = db.session.get_one(InternshipPosting, pair.posting_id)
    company = db.session.get_one(Organisation, posting.organisation_id)
    student = db.session.get_one(Person, pair.student_id)
    season = db.session.get_one(InternshipRound, pair.round_id)
    context: dict[str, Any] = {
        "state": state, "posting": posting, "company": company, "student": student, "words": pair.words,
        "facts": lambda: posting_facts(posting),
        "ended_by": Side(pair.ended_by).label if pair.ended_by else "",
        "season": season, "is_open": season.stage in CHOOSING,
    }  # fmt: skip
    label = _l("Answer") if state == "asked" else _l("See the placement")
    for side, reader, url in _readers(pair, company, student):
        if side not in without:
            send_mail(
                event="matching/prearranged", to=reader, context=context, button=(label, url),
                key=f"prearranged:{pair.id}:{pair.proposed_at.timestamp():.0f}:{state}:{reader.email}",
                is_secret=side is Side.SUPERVISOR,
            )  # fmt: skip


def _readers(
    pair: Prearrangement, company: Organisation, student: Person
) -> Iterator[tuple[Side, Recipient, str]]:
    own = absolute_url("matching.show_prearrangement", pair_id=pair.id)
    yield Side.STUDENT, recipient_for(student), own
    for person in hosts_of(company):
        yield Side.COMPANY, recipient_for(person, company), own
    for person in staff_with(Role.CAREER_SUPPORT):
        yield (
            Side.OFFICE,
            recipient_for(person),
            absolute_url("matching_staff.show_prearrangement", pair_id=pair.id),
        )
    guide = supervision_of(pair.student_id)
    if guide is not None:
        secret = link_for(guide, pair.round_id).secret
        yield (
            Side.SUPERVISOR,
            recipient_of(guide),
            absolute_url("matching.open_prearrangements", token=secret),
        )
