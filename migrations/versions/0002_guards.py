"""Frozen rows are not replaced either, and the heads of the audit trail only go forward."""

from __future__ import annotations

from alembic import op

from portal.core.schema import forward_statements, keep_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT: dict[str, str | None] = {
    "acceptances": None,
    "allocations": None,
    "application_revisions": None,
    "audit_entries": None,
    "field_comments": None,
    "invoice_lines": None,
    "invoices": None,
    "issuer_profiles": None,
    "journal_entries": None,
    "ledger_transfers": None,
    "payment_reversals": None,
    "payments": None,
    "quotes": None,
    "receipt_voids": None,
    "receipts": None,
    "rules_versions": None,
    "stored_files": "is_kept",
    "tax_treatments": None,
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, only_when in KEPT.items():
        for statement in keep_statements(dialect, table, only_when=only_when):
            op.execute(statement)
    for statement in forward_statements(dialect, "audit_heads", "sequence"):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_no_replace")
        op.execute("DROP TRIGGER audit_heads_only_forward")
        op.execute("DROP TRIGGER audit_heads_no_delete")
        return
    for trigger in ("only_forward", "no_delete", "no_truncate"):
        op.execute(f"DROP TRIGGER audit_heads_{trigger} ON audit_heads")
    op.execute("DROP FUNCTION audit_heads_forward()")
