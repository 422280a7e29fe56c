"""Which of some papers no longer hold, or are copies: the register itself is never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.billing.models import KeptPaper, Receipt, ReceiptVoid
from portal.billing.register import PaperKind
from portal.core.db import db


def marks_of(paper_ids: Sequence[int]) -> dict[int, tuple[int, bool]]:
    """Of receipts among the papers: how often it had been issued again (0: the first), and whether it is void."""
    if not paper_ids:
        return {}
    rows = (
        select(KeptPaper.id, Receipt.issue, ReceiptVoid.id)
        .join(Receipt, (KeptPaper.source_type == Receipt.__tablename__) & (Receipt.id == KeptPaper.source_id))
        .join(ReceiptVoid, ReceiptVoid.receipt_id == Receipt.id, isouter=True)
        .where(KeptPaper.id.in_(paper_ids), KeptPaper.kind == PaperKind.RECEIPT)
    )
    return {row[0]: (row[1], row[2] is not None) for row in db.session.execute(rows)}
