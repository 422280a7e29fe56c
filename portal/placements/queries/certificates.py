"""Read evaluation sheets and certificates, and make sure that they are what was issued."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from portal.billing.models import NumberSeries
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.numbering import DocumentKind
from portal.domain.placements.placement_flow import Side
from portal.files.models import StoredFile
from portal.placements.models import CertificateVoid, PlacementCertificate

KINDS = (DocumentKind.EVALUATION_SHEET, DocumentKind.CERTIFICATE)
# Who opens which besides the office: the company the sheet that it gave, the student both.
READERS = {
    DocumentKind.EVALUATION_SHEET: frozenset({Side.STUDENT, Side.COMPANY}),
    DocumentKind.CERTIFICATE: frozenset({Side.STUDENT}),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, and why it no longer holds where it does not."""

    row: PlacementCertificate
    void: CertificateVoid | None

    @property
    def holds(self) -> bool:
        return self.void is None


def certificates_of(placement_id: int, side: Side | None) -> list[Paper]:
    """The papers of a placement that a side may open, the newest first."""
    wanted = (
        select(PlacementCertificate, CertificateVoid)
        .join(CertificateVoid, CertificateVoid.certificate_id == PlacementCertificate.id, isouter=True)
        .where(PlacementCertificate.placement_id == placement_id)
        .order_by(PlacementCertificate.id.desc())
    )
    papers = [Paper(row, void) for row, void in db.session.execute(wanted)]
    return [paper for paper in papers if side is Side.OFFICE or side in READERS[paper.row.kind]]


def is_certified(placement_id: int) -> bool:
    """Whether a paper about it is out and holds: what it says no longer changes."""
    mine, void = PlacementCertificate.__table__.c, select(CertificateVoid.certificate_id)
    stands = exists().where(mine.placement_id == placement_id, mine.id.not_in(void))
    return bool(db.session.scalar(select(stands)))


def certificate_of(certificate_id: int) -> Paper:
    """One paper with its files; who may see it is asked of its placement. Raises NotFound."""
    return _one(PlacementCertificate.id == certificate_id)


def certificate_numbered(number: str) -> Paper | None:
    """The paper of a number, for whoever holds it in their hands."""
    try:
        return _one(PlacementCertificate.number == number)
    except NotFound:
        return None


def is_code(paper: Paper, typed: str) -> bool:
    """Whether a check code belongs to the paper; blanks, dashes and small letters are forgiven."""
    bare = "".join(char for char in typed.upper() if char.isascii() and char.isalnum())
    return hmac.compare_digest(bare.encode(), paper.row.check_code.replace("-", "").encode())


def certificate_problems() -> list[str]:
    """In plain words what does not hold of numbers and kept papers; empty when all is well."""
    return [*_wrong_numbers(), *_wrong_papers()]


def _wrong_numbers() -> Iterator[str]:
    mine = PlacementCertificate
    counted = select(
        mine.kind,
        mine.series_year,
        func.count(),
        func.min(mine.series_sequence),
        func.max(mine.series_sequence),
    ).group_by(mine.kind, mine.series_year)
    last = {
        (row.kind, row.fiscal_year): row.last
        for row in db.session.scalars(select(NumberSeries).where(NumberSeries.kind.in_(KINDS)))
    }
    for kind, year, count, least, most in db.session.execute(counted):
        given = last.pop((kind, year), 0)
        if not (least == 1 and count == most == given):
            yield f"{kind.value}-{year}: {count} numbers from {least} to {most}, the counter says {given}"
    for (kind, year), given in last.items():
        if given:
            yield f"{kind.value}-{year}: the counter says {given}, there is no document"


def _wrong_papers() -> Iterator[str]:
    for file_id, sha256 in (
        (PlacementCertificate.file_ja_id, PlacementCertificate.sha256_ja),
        (PlacementCertificate.file_en_id, PlacementCertificate.sha256_en),
    ):
        odd = (
            select(PlacementCertificate.number)
            .join(StoredFile, StoredFile.id == file_id)
            .where((StoredFile.sha256 != sha256) | ~StoredFile.is_kept)
        )
        numbers: Sequence[str] = db.session.scalars(odd).all()
        yield from (f"{number}: the kept paper is not the one that was issued" for number in numbers)


def _one(condition: object) -> Paper:
    wanted = (
        select(PlacementCertificate, CertificateVoid)
        .join(CertificateVoid, CertificateVoid.certificate_id == PlacementCertificate.id, isouter=True)
        .where(condition)  # type: ignore[arg-type]
        .options(joinedload(PlacementCertificate.file_ja), joinedload(PlacementCertificate.file_en))
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return Paper(found[0], found[1])
