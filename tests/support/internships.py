"""Rounds of internships, companies that host, and postings that make sense; everything invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.timetable import Timetable
from portal.internships.enums import PayUnit, RemoteWork, WorkingLanguage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.services.review import publish_posting
from portal.internships.services.rounds import plan_round
from portal.internships.services.writing import save_posting, start_posting, submit_posting
from tests.support import renewals as members
from tests.support.people import actor_of, staff

JUNE = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TIMES = Timetable(JUNE, JUNE + 20 * DAY, JUNE + 40 * DAY, JUNE + 50 * DAY, JUNE + 57 * DAY, JUNE + 90 * DAY)
SAID: dict[str, Any] = {
    "title": "医療画像の解析手法の開発",
    "title_en": "Methods for medical images",
    "area": "IMAGING",
    "duties": "診断支援のための画像解析手法を研究員とともに開発します。",
    "knowledge": "機械学習の基礎",
    "skills": "Python",
    "mentor": "研究開発部 主任研究員 見本 一郎",
    "prefecture": "13",
    "workplace": "東京都千代田区見本1-2-3",
    "remote": RemoteWork.PARTLY,
    "language": WorkingLanguage.EITHER,
    "starts_from": date(2026, 9, 1),
    "ends_by": date(2026, 12, 25),
    "weeks": 10,
    "days_a_week": 4,
    "pay_unit": PayUnit.HOUR,
    "pay_yen": 1800,
    "places": 2,
    "rights": "成果は貴学と協議のうえ定めます。",
    "confidentiality": "秘密保持契約を締結し、終了後3年間有効とします。",
}
_serial = iter(range(1, 1_000_000))


@contextmanager
def acting(who: Person) -> Iterator[Actor]:
    """A transaction of somebody."""
    by = actor_of(who)
    with transaction():
        yield by


def officer(**values: Any) -> Person:
    """Somebody of the career-support office."""
    return staff(Role.CAREER_SUPPORT, **values)


def host(**values: Any) -> Person:
    """The administrator of a member of 2026, who is its mentor too; `members.house()` has to stand."""
    admin = members.member("A", **values)
    (mandate,) = {m.organisation_id for m in actor_of(admin).mandates}
    with transaction() as session:
        session.add(
            Affiliation(
                person_id=admin.id, organisation_id=mandate, role=Role.MENTOR, starts_on=clock.today()
            )
        )
    return admin


def company_of(admin: Person) -> int:
    """The number of the only company."""
    (found,) = {m.organisation_id for m in actor_of(admin).mandates}
    return found


def plan(by: Person, *, times: Timetable = TIMES, **values: Any) -> int:
    """A round of 2026; its number."""
    n = next(_serial)
    given = {"fiscal_year": 2026, "name_ja": f"第{n}回", "name_en": f"Round {n}", "longest_list": 10}
    with acting(by) as by:
        return plan_round(timetable=times, once=f"round{n}", by=by, **(given | values)).id


def ahead() -> Timetable:
    """A round that opens tomorrow."""
    return Timetable(*(clock.now() + n * DAY for n in (1, 20, 40, 50, 57, 90)))


def write(admin: Person, round_id: int, **values: Any) -> int:
    """A draft that may be sent in; its number."""
    company = company_of(admin)
    with acting(admin) as by:
        season = db.session.get_one(InternshipRound, round_id)
        made = start_posting(
            season=season, organisation_id=company, once=f"posting{next(_serial)}", by=by
        )  # fmt: skip
        save_posting(posting=loaded(made.id), values=SAID | values, version=made.version, by=by)
        return made.id


def submit(admin: Person, posting_id: int) -> None:
    """Send it in."""
    with acting(admin) as by:
        posting = loaded(posting_id)
        submit_posting(posting=posting, version=posting.version, by=by)


def publish(officer: Person, posting_id: int) -> None:
    """Open it to students."""
    with acting(officer) as by:
        posting = loaded(posting_id)
        publish_posting(posting=posting, version=posting.version, by=by)


def loaded(posting_id: int) -> InternshipPosting:
    """The posting with its round, inside a transaction of the caller."""
    found = db.session.get_one(InternshipPosting, posting_id)
    db.session.refresh(found, ["round", "organisation"])
    return found


def now(posting_id: int) -> InternshipPosting:
    """The posting as it stands."""
    rollback()
    return loaded(posting_id)
