"""Credit notes, what they release of payments, and money paid back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, str | None] = {"credit_notes": None, "refunds": None, "allocation_releases": None}


def upgrade() -> None:
    op.create_table(
        "credit_notes",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("released_yen", sa.BigInteger(), nullable=False),
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
            "net_yen + tax_yen = total_yen AND total_yen > 0", name=op.f("ck_credit_notes_totals")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_credit_notes_file_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_credit_notes_invoice_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_credit_notes_issued_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_credit_notes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_notes_number")),
        sa.UniqueConstraint(
            "series_year", "series_sequence", name=op.f("uq_credit_notes_series_year_series_sequence")
        ),
        sa.UniqueConstraint("source_key", name=op.f("uq_credit_notes_source_key")),
    )
    op.create_index("ix_credit_notes_invoice", "credit_notes", ["invoice_id", "id"], unique=False)
    op.create_index("ix_credit_notes_organisation", "credit_notes", ["organisation_id", "id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_refunds_invoice_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_refunds_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_refunds_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("provider", "reference", name=op.f("uq_refunds_provider_reference")),
    )
    op.create_index("ix_refunds_invoice", "refunds", ["invoice_id", "id"], unique=False)
    op.create_table(
        "allocation_releases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("credit_note_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_allocation_releases_amount")),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["credit_notes.id"], name=op.f("fk_allocation_releases_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_allocation_releases_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_allocation_releases_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_releases")),
    )
    op.create_index(
        "ix_allocation_releases_invoice", "allocation_releases", ["invoice_id", "id"], unique=False
    )
    op.create_index(
        "ix_allocation_releases_payment", "allocation_releases", ["payment_id", "id"], unique=False
    )
    op.add_column(
        "receivables", sa.Column("credited_yen", sa.BigInteger(), server_default="0", nullable=False)
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
    op.drop_column("receivables", "credited_yen")
    op.drop_index("ix_allocation_releases_payment", table_name="allocation_releases")
    op.drop_index("ix_allocation_releases_invoice", table_name="allocation_releases")
    op.drop_table("allocation_releases")
    op.drop_index("ix_refunds_invoice", table_name="refunds")
    op.drop_table("refunds")
    op.drop_index("ix_credit_notes_organisation", table_name="credit_notes")
    op.drop_index("ix_credit_notes_invoice", table_name="credit_notes")
    op.drop_table("credit_notes")
