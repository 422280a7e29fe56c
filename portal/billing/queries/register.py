"""Search the register of papers: days, amounts, counterparty, kind, number, in any combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, or_, select, type_coerce

from portal.accounts.models import Organisation, Person
from portal.billing.models import KeptPaper, PaperArchive
from portal.billing.register import PaperKind
from portal.core.db import any_of, ask, db
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.core.sql import place_in
from portal.core.wildcards import literal
from portal.domain.organisation_numbers import normalise_number
from portal.domain.search_keys import wanted_key
from portal.domain.typed import plain_code
from portal.files.models import StoredFile

MOST_BODIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; None and empty narrow nothing. Ranges hold both ends."""

    since: date | None = None
    until: date | None = None
    least_yen: int | None = None
    most_yen: int | None = None
    party: str = ""
    kind: PaperKind | None = None
    number: str = ""

    def as_data(self) -> dict[str, Any]:
        """As it is kept with an archive, and in the trail; only what was asked."""
        given = {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "least_yen": self.least_yen,
            "most_yen": self.most_yen,
            "party": self.party or None,
            "kind": self.kind.value if self.kind else None,
            "number": self.number or None,
        }
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def from_data(cls, kept: Mapping[str, Any]) -> Wanted:
        """What `as_data` gave."""
        days = {name: date.fromisoformat(kept[name]) for name in ("since", "until") if name in kept}
        kind = {"kind": PaperKind(kept["kind"])} if "kind" in kept else {}
        return cls(**{**kept, **days, **kind})


def search_papers(wanted: Wanted, *, cursor: str | None) -> Slice[Any]:
    """Rows of id, day, kind, number, what it belongs to, counterparty, amount; newest first."""
    asked = _asked(wanted)
    return _papers(frozenset(asked)).slice(cursor, **asked)


def sum_of_papers(wanted: Wanted) -> tuple[int, int, int]:
    """How many papers fit, their bytes, their amounts together in yen."""
    asked = _asked(wanted)
    count, size, yen = ask(_sums(frozenset(asked)), **asked)[0]
    return int(count), int(size), int(yen)


def all_papers(wanted: Wanted) -> Sequence[Any]:
    """Everything that fits, oldest first, with what an index of them needs."""
    asked = _asked(wanted)
    return ask(_index(frozenset(asked)), **asked)


def _asked(wanted: Wanted) -> dict[str, Any]:
    asked: dict[str, Any] = wanted.as_data()
    asked |= {name: value for name in ("since", "until") if (value := getattr(wanted, name))}
    if party := asked.pop("party", None):
        key = wanted_key(party)
        asked |= {"like": key or "\x01", "bodies": _bodies(party, key)}
    if number := asked.pop("number", None):
        asked["number"] = f"{literal(plain_code(number))}%"
    return asked


def _bodies(text: str, key: str) -> list[int]:
    """Organisations that have this corporate number."""
    number = normalise_number(text).removeprefix("T")
    if len(number) != 13 or not number.isdigit():
        return []
    return list(db.session.scalars(select(Organisation.id).where(Organisation.corporate_number == number)))


def _narrowed(statement: Select[Any], asked: frozenset[str]) -> Select[Any]:
    papers = KeptPaper.__table__.c
    conditions = {
        "since": papers.transacted_on >= bindparam("since", type_=papers.transacted_on.type),
        "until": papers.transacted_on <= bindparam("until", type_=papers.transacted_on.type),
        "least_yen": papers.amount_yen >= bindparam("least_yen", type_=papers.amount_yen.type),
        "most_yen": papers.amount_yen <= bindparam("most_yen", type_=papers.amount_yen.type),
        "kind": papers.kind == bindparam("kind", type_=papers.kind.type),
        "number": papers.number.like(bindparam("number"), escape="\\"),
        "like": or_(
            place_in(papers.party_key, bindparam("like")) > 0, papers.organisation_id.in_(any_of("bodies"))
        ),
    }
    return statement.where(*(condition for name, condition in conditions.items() if name in asked))


@cache
def _papers(asked: frozenset[str]) -> Listing:
    p = KeptPaper.__table__.c
    columns = (
        p.id,
        p.transacted_on,
        type_coerce(p.kind, String),
        p.number,
        p.belongs_to,
        p.party_name,
        p.amount_yen,
    )
    return Listing(_narrowed(select(*columns), asked), (p.transacted_on, True), (p.id, True))


@cache
def _sums(asked: frozenset[str]) -> Select[Any]:
    papers, files = KeptPaper.__table__, StoredFile.__table__
    sums = (
        func.count(),
        func.coalesce(func.sum(files.c.size), 0),
        func.coalesce(func.sum(papers.c.amount_yen), 0),
    )
    return _narrowed(select(*sums).join_from(papers, files, files.c.id == papers.c.file_id), asked)


@cache
def _index(asked: frozenset[str]) -> Select[Any]:
    papers, files, bodies = KeptPaper.__table__, StoredFile.__table__, Organisation.__table__
    p = papers.c
    columns = (
        p.id, p.source_type, p.source_id, p.transacted_on, type_coerce(p.kind, String).label("kind"), p.number, p.belongs_to,
        p.party_name, bodies.c.corporate_number, p.amount_yen, p.file_id, p.file_sha256, p.created_at, files.c.name, files.c.size,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join_from(papers, files, files.c.id == p.file_id)
        .join(bodies, bodies.c.id == p.organisation_id, isouter=True)
    )
    return _narrowed(statement, asked).order_by(p.transacted_on, p.id)


def find_paper(paper_id: int) -> KeptPaper:
    """The paper of this number in the register; NotFound when there is none. For the office, which may read all."""
    found = db.session.get(KeptPaper, paper_id)
    if found is None:
        raise NotFound
    return found


def archives(*, cursor: str | None) -> Slice[Any]:
    """Archives, newest first, each with the name of who asked."""
    return _ARCHIVES.objects(cursor)


_ARCHIVES = Listing(select(PaperArchive), (PaperArchive.id, True))


def names_of(archives: Sequence[PaperArchive]) -> dict[int, str]:
    """Who asked for them."""
    ids = [each.asked_by_id for each in archives]
    return {
        row.id: row.name
        for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    }


def find_archive(archive_id: int) -> PaperArchive:
    """An archive; NotFound when there is none."""
    found = db.session.get(PaperArchive, archive_id)
    if found is None:
        raise NotFound
    return found
