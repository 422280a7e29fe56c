"""What a database amounts to, to compare a copy with its original; and whether its books hold."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.audit.models import AuditHead
from portal.audit.services import broken_links
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.ledger import trial_balance
from portal.billing.queries.verification import document_problems
from portal.core.db import Base, db
from portal.core.i18n import in_language
from portal.core.schema import missing_guards
from portal.files.queries import damaged_files
from portal.membership.queries.contract_checks import contract_problems
from portal.placements.queries.certificates import certificate_problems
from portal.wiring.health import present_migration


def business_sums() -> dict[str, Any]:
    """Rows per table, net yen per account, the trail's heads as one digest, the migration: plain JSON."""
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
    return {
        "migration": present_migration(),
        "rows": {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in tables},
        "accounts": {balance.account.value: balance.net_yen for balance in trial_balance()},
        "trail": _trail(),
    }


def _trail() -> str:
    heads = db.session.execute(select(AuditHead.stream, AuditHead.sequence, AuditHead.hash))
    said = "\n".join(sorted(f"{stream} {sequence} {digest}" for stream, sequence, digest in heads))
    return hashlib.sha256(said.encode()).hexdigest()


def books_problems(as_of: date | None = None) -> list[str]:
    """Every difference between books, documents, kept papers, trail and guards, in plain words; empty when all is well.

    `as_of` is the day that the data is of (None: today): a backup of March owes nothing of what April books.
    """
    with in_language("en"):  # one language, whatever the shell speaks
        return [
            *(f"{problem.rule}: {problem.expected} is not {problem.found}" for problem in book_problems()),
            *document_problems(as_of),
            *export_problems(),
            *contract_problems(),
            *certificate_problems(),
            *(f"stored file {number}: its bytes have changed" for number in damaged_files()),
            *(f"audit trail broken at {place}" for place in broken_links()),
            *(
                f"trigger {name} is missing or switched off"
                for name in missing_guards(db.session.connection())
            ),
        ]
