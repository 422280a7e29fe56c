"""Companies write postings; the office looks at them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.queries import person_by_email
from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.internships.offers import REMARK, Offer
from portal.cli.demo.internships.seasons import Season, officer, round_of
from portal.core.db import db
from portal.domain.terms import StandingState
from portal.internships.models import InternshipPosting
from portal.internships.queries.postings import posting_for_company, posting_for_office
from portal.internships.services.review import publish_posting, return_posting
from portal.internships.services.writing import save_posting, start_posting, submit_posting
from portal.membership.queries.terms import standing_of

NDA = "秘密保持契約を締結します。秘密保持の期間は、終了後3年間です。"
RIGHTS = "成果の帰属は、所属大学と協議のうえ定めます。論文等の公表は、事前確認のうえ可能です。"


def write(cast: Cast, offer: Offer, season: Season, today: date) -> None:
    """A company writes its posting; early in a fiscal year it may be no member yet, and there is none."""
    by = acting(writer(offer))
    if standing_of(by.organisation_ids[0]).state is not StandingState.ACTIVE:
        return
    made = start_posting(
        season=round_of(season), organisation_id=by.organisation_ids[0], once=_once(offer), by=by
    )
    posting = posting_for_company(by, made.id)
    save_posting(posting=posting, values=_said(offer, season, today), version=posting.version, by=by)


def send_in(cast: Cast, offer: Offer) -> None:
    """To the career-support office."""
    number = number_of(offer)
    if number is None:
        return
    by = acting(writer(offer))
    posting = posting_for_company(by, number)
    submit_posting(posting=posting, version=posting.version, by=by)


def publish(cast: Cast, offer: Offer) -> None:
    """The office opens it to students."""
    number = number_of(offer)
    if number is None:
        return
    by = officer(cast)
    posting = posting_for_office(by, number)
    publish_posting(posting=posting, version=posting.version, by=by)


def give_back(cast: Cast, offer: Offer) -> None:
    """The office asks for a correction."""
    number = number_of(offer)
    if number is None:
        return
    by = officer(cast)
    posting = posting_for_office(by, number)
    return_posting(posting=posting, remark=REMARK, version=posting.version, by=by)


def writer(offer: Offer) -> Person:
    """Who writes for the company."""
    found = person_by_email(offer.firm.address(0))
    assert found is not None
    return found


def number_of(offer: Offer) -> int | None:
    """The posting's number, where there is one."""
    return db.session.scalars(
        select(InternshipPosting.id).where(InternshipPosting.once_key == _once(offer))
    ).one_or_none()


def _once(offer: Offer) -> str:
    return f"demo-posting-{offer.firm.serial}-{offer.number}"


def _said(offer: Offer, season: Season, today: date) -> dict[str, Any]:
    begins = today + timedelta(days=season.day(4) + 21)
    unit, yen = offer.pay
    return {
        "title": offer.title, "title_en": offer.title_en, "area": offer.area, "duties": offer.duties,
        "knowledge": offer.knowledge, "skills": offer.skills, "prefecture": offer.prefecture, "workplace": offer.workplace,
        "remote": offer.remote, "language": offer.language, "weeks": offer.weeks, "days_a_week": 5, "pay_unit": unit, "pay_yen": yen,
        "places": offer.places, "least_places": offer.least, "starts_from": begins, "ends_by": begins + timedelta(weeks=offer.weeks + 6),
        "mentor": f"{offer.firm.people[0].name}（研究開発部）", "rights": RIGHTS, "confidentiality": NDA,
        "data_agreements": list(offer.data), "data_used": offer.data_used, "expenses": "通勤交通費を全額支給します。",
    }  # fmt: skip
