"""Rows that may never change are not replaced by a twin under another id either."""

from __future__ import annotations

from alembic import op

from portal.core.schema import twin_statements

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS: dict[str, list[tuple[str, ...]]] = {
    "acceptances": [("application_id", "revision", "rules_version_id")],
    "application_revisions": [("application_id", "number"), ("once_key",)],
    "audit_entries": [("stream", "sequence")],
    "bank_deposits": [("identity",)],
    "bank_files": [("sha256", "account_key")],
    "credit_notes": [("number",), ("series_year", "series_sequence"), ("source_key",)],
    "decision_reversals": [("decision_id",)],
    "deposit_decisions": [("deposit_id", "round")],
    "deposit_parts": [("decision_id", "invoice_id"), ("payment_id",)],
    "fee_returns": [("decision_id", "invoice_id")],
    "invoice_lines": [("invoice_id", "position")],
    "invoice_revisions": [("invoice_id", "revision"), ("number",), ("source_key",)],
    "invoices": [("number",), ("series_year", "series_sequence"), ("source_key",)],
    "journal_entries": [("source",)],
    "payment_reversals": [("payment_id",)],
    "payments": [("provider", "provider_reference")],
    "quotes": [("number",), ("series_year", "series_sequence"), ("source_key",)],
    "receipt_voids": [("receipt_id",)],
    "receipts": [("number", "issue"), ("series_year", "series_sequence", "issue")],
    "refunds": [("provider", "reference")],
    "renewal_acceptances": [("renewal_id", "version", "rules_version_id")],
    "rules_versions": [("kind", "version")],
    "audit_heads": [("stream",)],
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, keys in KEYS.items():
        for key in keys:
            for statement in twin_statements(dialect, table, key):
                op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, keys in KEYS.items():
        for key in keys:
            op.execute(f"DROP TRIGGER {table}_no_twin_{'_'.join(key)}")
