"""Register organisations and keep their data."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.queries import find_person, organisation_by_number
from portal.accounts.services.roles import affiliate
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.integrity import explain
from portal.domain.names import check_kana, normalise_kana
from portal.domain.organisation_numbers import OrganisationNumberProblem, check_corporate_number

explain(
    "uq_organisations_corporate_number",
    _l("This organisation is registered already. Please reload the page."),
    field="corporate_number",
)

NUMBER_PROBLEMS = {
    OrganisationNumberProblem.EMPTY: _l("Please write the corporate number."),
    OrganisationNumberProblem.LEADING_T: _l(
        "Please write the 13 digits alone, without the T of an invoice issuer's number."
    ),
    OrganisationNumberProblem.NOT_DIGITS: _l("A corporate number has digits only."),
    OrganisationNumberProblem.WRONG_LENGTH: _l("A corporate number has 13 digits."),
    OrganisationNumberProblem.LEADING_ZERO: _l("A corporate number never begins with 0."),
    OrganisationNumberProblem.WRONG_CHECK_DIGIT: _l(
        "The check digit does not fit. Please compare the number with your certificate."
    ),
}
CHANGEABLE = frozenset(
    {
        "name_ja", "name_kana", "name_en", "postal_code", "address", "website", "industry",
        "founded_on", "employees", "capital_yen",
    }
)  # fmt: skip


class NotInvited(Refused):
    """The organisation of this number is here, and the person does not belong to it."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _l("This company is registered already. To apply for it, you need an invitation from it."),
            field="corporate_number",
        )
        self.number = number


def register_company(
    *,
    corporate_number: str,
    name_ja: str,
    name_kana: str,
    by: Actor | Person | None,
    name_en: str = "",
    postal_code: str = "",
    address: str = "",
    website: str = "",
    industry: str = "",
    founded_on: date | None = None,
    employees: int | None = None,
    capital_yen: int | None = None,
    kind: OrganisationKind = OrganisationKind.COMPANY,
) -> Organisation:
    """The organisation of this corporate number; `by` becomes its administrator and representative when it is new.

    The same number again gives the standing organisation, unchanged, to those who belong to it. Everybody else is
    refused (NotInvited): who its people are is nobody's business. `by` None (demo data, imports): nobody is affiliated.
    """
    number = checked_number(corporate_number)
    standing = organisation_by_number(number)
    if standing is not None:
        _refuse_strangers(standing, by)
        return standing
    made = Organisation(
        kind=kind,
        corporate_number=number,
        name_ja=name_ja,
        name_kana=checked_kana(name_kana),
        name_en=name_en,
        postal_code=postal_code,
        address=address,
        website=website,
        industry=industry,
        founded_on=founded_on,
        employees=employees,
        capital_yen=capital_yen,
        created_at=clock.now(),
    )
    return _found(made, by)


def _found(made: Organisation, by: Actor | Person | None) -> Organisation:
    """Kept, told to the trail, and given to whoever founds it."""
    db.session.add(made)
    db.session.flush()
    record(
        verb="organisation.registered",
        subject=made,
        organisation_id=made.id,
        by=by.id if by else None,
        audience=Audience.PARTY,
    )
    if by is not None:
        founder = find_person(by.id)
        who = by if isinstance(by, Actor) else by.id
        affiliate(founder, made, Role.COMPANY_ADMIN, by=who)
        affiliate(founder, made, Role.REPRESENTATIVE, by=who)
    return made


def update_organisation(*, organisation: Organisation, by: Actor | int | None, **values: Any) -> Organisation:
    """Write new data over old, old → new in the trail. Raises TypeError for what cannot be changed so."""
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not to be changed here: {', '.join(sorted(unknown))}")
    if "name_kana" in values:
        values["name_kana"] = checked_kana(values["name_kana"])
    changes = {}
    for name, new in values.items():
        old = getattr(organisation, name)
        if old != new:
            setattr(organisation, name, new)
            changes[name] = [old, new]
    if changes:
        db.session.flush()
        record(
            verb="organisation.updated", subject=organisation, organisation_id=organisation.id, by=by,
            changes=changes, audience=Audience.PARTY,
        )  # fmt: skip
    return organisation


def checked_number(text: str) -> str:
    """A corporate number as 13 digits; raises Refused at `corporate_number`."""
    check = check_corporate_number(text)
    if check.problem is not None:
        raise Refused(NUMBER_PROBLEMS[check.problem], field="corporate_number")
    return check.number


def checked_kana(text: str) -> str:
    """A reading in full-width katakana, or nothing; raises Refused at `name_kana` naming the letters at fault."""
    if not normalise_kana(text):
        return ""
    check = check_kana(text)
    if check.problem is not None:
        letters = "".join(check.wrong_characters[:10])
        raise Refused(
            _("Please write the reading in katakana. Not katakana: %(letters)s", letters=letters),
            field="name_kana",
        )
    return check.text


def _refuse_strangers(standing: Organisation, by: Actor | Person | None) -> None:
    if by is None or _belongs(by.id, standing.id):
        return
    raise NotInvited(standing.corporate_number or "")


def _belongs(person_id: int, organisation_id: int) -> bool:
    open_rows = select(Affiliation.id).where(
        Affiliation.person_id == person_id,
        Affiliation.organisation_id == organisation_id,
        Affiliation.ended_at.is_(None),
    )
    return db.session.scalars(open_rows.limit(1)).one_or_none() is not None
