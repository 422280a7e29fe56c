"""Record for one student or many that the training is completed, or that it is not after all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from portal.accounts.enums import CredentialKind
from portal.accounts.models import Person
from portal.accounts.services.credentials import grant_credential, revoke_credential
from portal.careers.queries.students import Student, students_by_key
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.domain.pasted_addresses import read_addresses

MOST_AT_ONCE = 500
MOST_NAMED = 10  # faults that a message names


@dataclass(frozen=True, slots=True)
class Chosen:
    """Students by the addresses that were pasted: those for whom something changes, and those for whom it stands already."""

    changing: tuple[Student, ...]
    unchanged: tuple[Student, ...]


def choose_students(*, addresses: str, is_granted: bool) -> Chosen:
    """Who is meant. Raises Refused at `addresses`, naming what is no address or no student's."""
    pasted = read_addresses(addresses)
    if pasted.wrong:
        raise Refused(_("No mail address: %(words)s", words=_named(pasted.wrong)), field="addresses")
    if not pasted.keys or len(pasted.keys) > MOST_AT_ONCE:
        message = _("Please write between 1 and %(most)s mail addresses.", most=MOST_AT_ONCE)
        raise Refused(message, field="addresses")
    found = students_by_key(pasted.keys)
    if unknown := [address for key, address in pasted.keys.items() if key not in found]:
        message = _("No student of today has this address: %(words)s", words=_named(unknown))
        raise Refused(message, field="addresses")
    return _parted(pasted.keys, found, is_granted)


def _parted(keys: Collection[str], found: Mapping[str, Student], is_granted: bool) -> Chosen:
    students = [found[key] for key in keys]
    changing = tuple(s for s in students if (s.trained_on is None) is is_granted)
    return Chosen(changing, tuple(s for s in students if s not in changing))


def grant_training(*, student_ids: Collection[int], earned_on: date, by: Actor) -> int:
    """They have completed it on this day; for how many that is new. Raises Refused at `earned_on`."""
    people = [db.session.get_one(Person, number) for number in student_ids]
    kind = CredentialKind.TRAINING
    return sum(grant_credential(person=each, kind=kind, earned_on=earned_on, by=by) for each in people)


def revoke_training(*, student_ids: Collection[int], reason: str, by: Actor) -> int:
    """It was recorded by mistake; for how many it was taken back. Raises Refused at `reason`."""
    people = [db.session.get_one(Person, number) for number in student_ids]
    kind = CredentialKind.TRAINING
    return sum(revoke_credential(person=each, kind=kind, reason=reason, by=by) for each in people)


def _named(words: Collection[str]) -> str:
    shown = [word[:80] for word in list(words)[:MOST_NAMED]]
    return _(", ").join([*shown, "…"] if len(words) > MOST_NAMED else shown)
