"""How often somebody may try: per account, per address, overall. Counted in the database, before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from limits import parse

from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.limiting import Limit, everybody, limit_posts, network_address, typed_address
from portal.core.security import limiter
from portal.core.transaction import after_commit, outside_transaction
from portal.domain.email_keys import mailbox_key

View = TypeVar("View", bound=Callable[..., Any])

PER_ACCOUNT = "10 per 15 minutes"
PER_ADDRESS = "60 per 15 minutes"  # a company's people often share one address
OVERALL = "1200 per minute"
MAILS_PER_ACCOUNT = "5 per 15 minutes"
CODES_PER_PERSON = "8 per 15 minutes"
MANY_TRIES = _l("Too many tries. Please wait 15 minutes and try again.")
# Mails that somebody sends through us to an address of their choosing.
MAILS_PER_HOUR = "30 per hour"
MAILS_PER_DAY = "100 per day"
MAILS_PER_PAIR = "5 per day"
MAILS_PER_MAILBOX = "10 per day"
MANY_MAILS = _l("You have had many mails sent in a short time. Please go on in an hour.")
MAILS_OF_TODAY = _l("You have had as many mails sent today as one person can. Please go on tomorrow.")
MAILBOX_FULL = _l(
    "Enough mails have gone to this address today. Please try again tomorrow, or ask your colleague in another way."
)


class TooOften(Refused):
    """Too many tries."""

    status = 429


def limit_tries(scope: str, *, per_account: str | None = None) -> Callable[[View], View]:
    """The limits on POSTs of a route; `per_account` for forms in which an address is typed."""
    limits = [Limit(PER_ADDRESS, network_address)]
    if per_account is not None:
        limits.append(Limit(per_account, typed_address))
    return limit_posts(scope, *limits, Limit(OVERALL, everybody))


def count_try(
    what: str,
    person_id: int,
    limit: str = CODES_PER_PERSON,
    *,
    message: Any = MANY_TRIES,
    field: str | None = None,
) -> None:
    """Count one try of a person whom we know; raises TooOften. Commits what was done before."""
    if not _counts(limit, what, str(person_id)):
        raise TooOften(message, field=field)


def count_mail(*, by: int, to: str, by_office: bool = False) -> None:
    """Count one mail that a person has us send to an address of their choosing; raises TooOften at `email`.

    Invitations, shared drafts and new addresses count together, other spellings of a mailbox too. Somebody who is stopped
    no longer uses up what others may send to that mailbox. `by_office`: many in a day are its work, so only the mailbox
    counts. Commits what was done before.
    """
    box = mailbox_key(to) or to
    of_person = ((MAILS_PER_HOUR, str(by), MANY_MAILS), (MAILS_PER_DAY, str(by), MAILS_OF_TODAY))
    for limit, who, message in (
        *(() if by_office else of_person),
        (MAILS_PER_PAIR, f"{by} {box}", MAILBOX_FULL),
        (MAILS_PER_MAILBOX, box, MAILBOX_FULL),
    ):
        if not _counts(limit, "mails", who):
            raise TooOften(message, field="email")


def _counts(limit: str, *what: str) -> bool:
    """One use more, while there is room. Counted outside the transaction: a refusal keeps its count."""
    with outside_transaction():
        return limiter.limiter.hit(parse(limit), "renkei", *what)


def forget_tries(what: str, person_id: int, limit: str = CODES_PER_PERSON) -> None:
    """Begin counting anew once this transaction has succeeded."""
    after_commit(lambda: limiter.limiter.clear(parse(limit), "renkei", what, str(person_id)))
