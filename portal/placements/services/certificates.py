"""Issue the evaluation sheet and the certificate, declare one void, issue another in its place."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.billing.documents.keeping import keep_pdf
from portal.billing.services.numbers import next_number
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.numbering import DocumentKind, DocumentNumber
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.placements import mail
from portal.placements.documents import certificate_pdf, file_name
from portal.placements.models import (
    CertificateVoid,
    Placement,
    PlacementCertificate,
)
from portal.placements.queries.certificates import KINDS, READERS, Paper, certificates_of
from portal.placements.queries.evaluations import evaluation_of
from portal.placements.queries.hours import unsettled, weeks_of
from portal.placements.queries.placements import any_placement
from portal.placements.services.checklist import SAY_WHY
from portal.placements.services.moves import NOT_NOW, note_placement
from portal.placements.services.paper_facts import latin_of, stay_facts

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is taken for one another
GROUPS, LENGTH = 3, 4
NO_EVALUATION = _l("The company has not sent its evaluation yet.")
OPEN_WEEKS = _l("Hours are not confirmed for every week. Please tick this if the documents are to say less.")
VOID_ALREADY = _l("This document has been declared void already.")


def issue_papers(
    *, placement: Placement, by: Actor, despite_open_weeks: bool = False, holder_en: str = ""
) -> list[PlacementCertificate]:
    """Sheet and certificate over the company's evaluation, as far as none stands; pressed twice, each is issued once.

    With the first of them hours can no longer be entered or confirmed, so weeks that are open are asked about. `holder_en` is
    printed where the student has not entered a name in Latin letters. Raises Refused at `despite_open_weeks`, `holder_en`, OutOfDate.
    """
    placement = _held(placement)
    standing = _standing(placement)
    if not standing and not despite_open_weeks and unsettled(weeks_of(placement)):
        raise Refused(OPEN_WEEKS, field="despite_open_weeks")
    latin = latin_of(placement, holder_en, field="holder_en")
    made: list[PlacementCertificate] = []
    for kind in KINDS:
        if kind not in standing:
            sheet = made[0].number if made else _number_of(standing)
            made.append(
                _issued(placement, kind, by, replaces=_last_void(placement, kind), sheet=sheet, latin=latin)
            )
    if made:
        _tell(placement, made)
    return made


def void_paper(*, placement: Placement, paper: Paper, reason: str, by: Actor) -> None:
    """It no longer holds; its bytes stay. Raises Refused at `reason`, OutOfDate."""
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    placement = any_placement(placement.id, lock=True)
    new = CertificateVoid(
        certificate_id=paper.row.id, reason=reason.strip(), voided_at=clock.now(), voided_by_id=by.id
    )
    same = select(CertificateVoid).where(CertificateVoid.certificate_id == paper.row.id)
    _void, is_ours = add_or_find(new, lambda: db.session.scalars(same).one_or_none())
    if not is_ours:
        raise OutOfDate(VOID_ALREADY)
    _note("placement.paper_voided", placement, paper.row, by, note=reason.strip())
    for side in READERS[paper.row.kind]:
        key = f"void:{paper.row.id}"
        mail.tell(
            "papers",
            placement,
            [side],
            key=key,
            papers=[paper.row.number],
            is_void=True,
            reason=reason.strip(),
        )


def reissue_paper(*, placement: Placement, paper: Paper, reason: str, by: Actor) -> PlacementCertificate:
    """Void, and another in its place that names it, in one; with a sheet goes the certificate that names it.

    Raises Refused at `reason`, OutOfDate.
    """
    made = _anew(placement, paper, reason, by)
    standing = _standing(placement)
    follower = standing.get(DocumentKind.CERTIFICATE)
    if paper.row.kind is DocumentKind.EVALUATION_SHEET and follower is not None:
        _anew(placement, follower, reason, by)
    return made


def _anew(placement: Placement, paper: Paper, reason: str, by: Actor) -> PlacementCertificate:
    void_paper(placement=placement, paper=paper, reason=reason, by=by)
    placement = _held(placement)
    latin = latin_of(placement, paper.row.facts.get("holder_en", ""), field="reason")
    made = _issued(
        placement, paper.row.kind, by, replaces=paper.row, sheet=_number_of(_standing(placement)), latin=latin
    )
    _tell(placement, [made])
    return made


def _standing(placement: Placement) -> dict[DocumentKind, Paper]:
    return {paper.row.kind: paper for paper in certificates_of(placement.id, Side.OFFICE) if paper.holds}


def _held(placement: Placement) -> Placement:
    held = any_placement(placement.id, lock=True)
    if held.state is not PlacementState.EVALUATED:
        raise OutOfDate(NOT_NOW)
    return held


def _issued(
    placement: Placement, kind: DocumentKind, by: Actor, *, replaces: PlacementCertificate | None, sheet: str, latin: str
) -> PlacementCertificate:  # fmt: skip
    evaluation = evaluation_of(placement.id, Side.COMPANY, is_sent=True)
    if evaluation is None:
        raise Refused(NO_EVALUATION)
    now, today, number = clock.now(), clock.today(), next_number(kind, clock.today())
    code = "-".join("".join(secrets.choice(ALPHABET) for _n in range(LENGTH)) for _group in range(GROUPS))
    facts = stay_facts(placement, evaluation) | {
        "number": str(number), "code": code, "issued_on": today.isoformat(), "replaces": _named(replaces), "holder_en": latin,
        "sheet": sheet if kind is DocumentKind.CERTIFICATE else "",
    }  # fmt: skip
    files = {}
    for language in ("ja", "en"):
        content = certificate_pdf(kind, facts, language, at=now)
        files[language] = keep_pdf(content, name=file_name(kind, str(number), language), organisation_id=None)
    made = PlacementCertificate(
        placement_id=placement.id, evaluation_id=evaluation.id, kind=kind, **_numbered(number), check_code=code, issued_on=today,
        issued_by_id=by.id, created_at=now, replaces_id=replaces.id if replaces else None, facts=facts,
        file_ja_id=files["ja"].id, file_en_id=files["en"].id, sha256_ja=files["ja"].sha256, sha256_en=files["en"].sha256,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _note("placement.paper_issued", placement, made, by)
    return made


def _numbered(number: DocumentNumber) -> dict[str, Any]:
    return {"number": str(number), "series_year": number.fiscal_year, "series_sequence": number.sequence}


def _named(paper: PlacementCertificate | None) -> dict[str, str] | None:
    return {"number": paper.number, "issued_on": paper.issued_on.isoformat()} if paper else None


def _number_of(standing: dict[DocumentKind, Paper]) -> str:
    sheet = standing.get(DocumentKind.EVALUATION_SHEET)
    return sheet.row.number if sheet else ""


def _last_void(placement: Placement, kind: DocumentKind) -> PlacementCertificate | None:
    """The newest of its kind, where it is void: what comes now stands in its place."""
    return next(
        (paper.row for paper in certificates_of(placement.id, Side.OFFICE) if paper.row.kind is kind), None
    )


def _tell(placement: Placement, made: Sequence[PlacementCertificate]) -> None:
    for side in mail.PARTNERS:
        numbers = [each.number for each in made if side in READERS[each.kind]]
        if numbers:
            mail.tell(
                "papers",
                placement,
                [side],
                key=f"papers:{made[-1].id}",
                papers=numbers,
                is_void=False,
                reason="",
            )


def _note(verb: str, placement: Placement, paper: PlacementCertificate, by: Actor, *, note: str = "") -> None:
    note_placement(verb, placement, by, note=note, changes={"number": paper.number})
