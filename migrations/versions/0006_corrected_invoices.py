"""Corrected invoices beside the ones they replace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, str | None] = {"invoice_revisions": None}


def upgrade() -> None:
    op.create_table(
        "invoice_revisions",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("replaces_number", sa.String(length=30), nullable=False),
        sa.Column("replaces_issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_sequence", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject_ja", sa.String(length=300), nullable=False),
        sa.Column("subject_en", sa.String(length=300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("issuer", DOCUMENT, nullable=False),
        sa.Column("buyer", DOCUMENT, nullable=False),
        sa.Column("tax_rows", DOCUMENT, nullable=False),
        sa.Column("net_yen", sa.BigInteger(), nullable=False),
        sa.Column("tax_yen", sa.BigInteger(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("purchase_order", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("issued_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "net_yen + tax_yen = total_yen AND total_yen > 0", name=op.f("ck_invoice_revisions_totals")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_invoice_revisions_file_id")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_revisions_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["people.id"], name=op.f("fk_invoice_revisions_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invoice_revisions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_revisions")),
        sa.UniqueConstraint("invoice_id", "revision", name=op.f("uq_invoice_revisions_invoice_id_revision")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_revisions_number")),
        sa.UniqueConstraint("source_key", name=op.f("uq_invoice_revisions_source_key")),
    )
    op.create_index(
        "ix_invoice_revisions_organisation", "invoice_revisions", ["organisation_id", "id"], unique=False
    )
    dialect = op.get_bind().dialect.name
    for table, only_when in FROZEN.items():
        for statement in [
            *freeze_statements(dialect, table, only_when=only_when),
            *keep_statements(dialect, table, only_when=only_when),
        ]:
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_index("ix_invoice_revisions_organisation", table_name="invoice_revisions")
    op.drop_table("invoice_revisions")
