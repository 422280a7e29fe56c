"""Indexes in the order of the office's lists, and for what its home page counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("affiliations", "ix_affiliations_present", ["organisation_id", "person_id"], "ended_at IS NULL"),
    (
        "applications",
        "ix_applications_open",
        ["moved_at", "id"],
        "state NOT IN ('draft', 'approved', 'declined', 'withdrawn')",
    ),
    ("contract_terms", "ix_contract_terms_organisation", ["organisation_id", "fiscal_year", "id"], None),
    (
        "contract_terms",
        "ix_contract_terms_paid",
        ["fiscal_year", "tier_code"],
        "activated_on IS NOT NULL AND cancelled_on IS NULL",
    ),
    ("contract_terms", "ix_contract_terms_standing", ["fiscal_year"], "cancelled_on IS NULL"),
    (
        "receivables",
        "ix_receivables_owed",
        ["due_on", "invoice_id", "outstanding_yen"],
        "outstanding_yen > 0",
    ),
)


def upgrade() -> None:
    for table, name, columns, rows in ADDED:
        some = {} if rows is None else {"sqlite_where": sa.text(rows), "postgresql_where": sa.text(rows)}
        op.create_index(name, table, columns, **some)


def downgrade() -> None:
    for table, name, _columns, _rows in reversed(ADDED):
        op.drop_index(name, table_name=table)
