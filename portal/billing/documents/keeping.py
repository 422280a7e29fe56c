"""Print a paper and keep it byte for byte with its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.billing.models.issued import Issued
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l, in_language
from portal.core.pdf import PdfError, render_pdf
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile

PDF = "application/pdf"


def printed(template: str, data: Mapping[str, Any], *, timestamp: datetime) -> bytes:
    """The paper; raises Refused naming the characters that no font shows."""
    try:
        return render_pdf(template, data, timestamp=timestamp)
    except PdfError as error:
        if not error.missing:
            raise
        strange = " ".join(error.missing)
        raise Refused(
            _l("These characters cannot be printed on documents: %(characters)s", characters=strange)
        ) from error


def file_name(kind: str, issued: Issued) -> str:
    """What the file is called on the reader's disk: `請求書_INV-2026-000123.pdf`."""
    with in_language(issued.language):
        word = {
            "quote": _("quote"),
            "order": _("order confirmation"),
            "invoice": _("invoice"),
            "corrected_invoice": _("corrected invoice"),
            "receipt": _("receipt"),
            "credit_note": _("credit note"),
        }[kind]
    return f"{word.replace(' ', '-')}_{issued.number}.pdf"


def keep_pdf(content: bytes, *, name: str, organisation_id: int | None) -> StoredFile:
    """Store a document for good: the database refuses to change or delete it."""
    kept = StoredFile(
        name=name,
        media_type=PDF,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        confidentiality=Confidentiality.ORGANISATION if organisation_id else Confidentiality.RESTRICTED,
        organisation_id=organisation_id,
        created_at=clock.now(),
        is_kept=True,
        content=content,
    )
    db.session.add(kept)
    db.session.flush()
    return kept
