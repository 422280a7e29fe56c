"""Links in mails that answer an offer without signing in: bound to one person, working once, as long as one may answer."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from portal.accounts.models import Affiliation, Person
from portal.accounts.session import token_hash
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.renewal_flow import last_day_to_answer
from portal.membership.models import Renewal, RenewalLink
from portal.membership.policy import ACTING_ROLES
from portal.membership.services.renewals.moves import campaign_of, locked
from portal.membership.services.terms import hold_places

SPENT = _l(
    "This link has been used, the renewal was answered in another way, or the last day has passed. Please sign in to see how it stands."
)


class SpentAnswer(Refused):
    """Used before, too late, or never made."""

    status = 410


def issue_answer_link(renewal: Renewal, person: Person) -> str:
    """A new secret with which `person` can answer until the last day on which that is possible; the row keeps its hash."""
    secret = secrets.token_urlsafe(32)
    db.session.add(
        RenewalLink(
            renewal_id=renewal.id, person_id=person.id, token_hash=token_hash(secret), created_at=clock.now(),
            expires_at=_expires_at(renewal),
        )
    )  # fmt: skip
    db.session.flush()
    return secret


def _expires_at(renewal: Renewal) -> datetime:
    """The end of the last day in Japan."""
    last = last_day_to_answer(renewal.standing, campaign_of(renewal).season)
    return datetime.combine(last + timedelta(days=1), time(0), clock.OFFICE_ZONE)


def answer_link(secret: str) -> RenewalLink | None:
    """The row of a link that still works, for a person who still acts for the company. A page may ask this on GET."""
    acts = (
        select(Affiliation.id)
        .join(Renewal, Renewal.organisation_id == Affiliation.organisation_id)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Renewal.id == RenewalLink.renewal_id,
            Affiliation.person_id == RenewalLink.person_id,
            Affiliation.role.in_(ACTING_ROLES),
            Affiliation.ended_at.is_(None),
            Person.is_disabled.is_(False),
        )
        .exists()
    )
    works = select(RenewalLink).where(
        RenewalLink.token_hash == token_hash(secret), RenewalLink.used_at.is_(None),
        RenewalLink.expires_at > clock.now(), acts,
    )  # fmt: skip
    return db.session.scalars(works).one_or_none()


def spend_answer_link(link: RenewalLink) -> None:
    """Of many at once one succeeds; raises SpentAnswer. A refusal afterwards rolls this back, so the link stays good.

    Everybody locks in one order: the year's places, the renewal, its links. So the first two are taken here as well.
    """
    renewal = db.session.get_one(Renewal, link.renewal_id)
    hold_places(renewal.fiscal_year)
    locked(renewal.id)
    claim = (
        update(RenewalLink)
        .where(RenewalLink.id == link.id, RenewalLink.used_at.is_(None), RenewalLink.expires_at > clock.now())
        .values(used_at=clock.now())
        .returning(RenewalLink.id)
    )
    spent = db.session.execute(claim, execution_options={"synchronize_session": False})
    if spent.scalar_one_or_none() is None:
        raise SpentAnswer(SPENT)


def forget_answer_links(renewal: Renewal) -> None:
    """The renewal is answered, or withdrawn: no link of it works any more."""
    forget = update(RenewalLink).where(RenewalLink.renewal_id == renewal.id, RenewalLink.used_at.is_(None))
    db.session.execute(forget.values(used_at=clock.now()), execution_options={"synchronize_session": False})


def prolong_answer_links(renewal: Renewal) -> None:
    """The last day has moved: links that were not used move with it."""
    mine = update(RenewalLink).where(RenewalLink.renewal_id == renewal.id, RenewalLink.used_at.is_(None))
    db.session.execute(
        mine.values(expires_at=_expires_at(renewal)), execution_options={"synchronize_session": False}
    )
