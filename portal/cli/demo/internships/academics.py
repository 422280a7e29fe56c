"""An invented university, its doctoral students and a supervisor."""

from __future__ import annotations

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.accounts.services import affiliate
from portal.cli.demo.house import welcome
from portal.cli.demo.people import ACADEMICS, UNIVERSITY_DOMAIN
from portal.core import clock
from portal.core.db import db


def enrol() -> None:
    """The university and its people."""
    university = Organisation(
        kind=OrganisationKind.UNIVERSITY, name_ja="架空大学", name_kana="カクウダイガク", name_en="Kakuu University",
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(university)
    db.session.flush()
    for human in ACADEMICS:
        person = welcome(human, UNIVERSITY_DOMAIN)
        for role in human.roles:
            affiliate(person, university, role)
