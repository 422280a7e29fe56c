"""Invoices issued anew, and orders that answer quotes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements, twin_statements

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, list[tuple[str, ...]]] = {
    "invoice_replacements": [
        ("invoice_id",),
        ("replaced_by_id",),
        ("root_key", "place"),
        ("source_key",),
    ],
    "orders": [("number",), ("quote_id",), ("series_year", "series_sequence")],
}


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("quote_id", KEY, nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("ordered_by_id", KEY, nullable=True),
        sa.Column("received_file_id", KEY, nullable=True),
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
        sa.CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name=op.f("ck_orders_totals")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_orders_file_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_orders_issued_by_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_orders_ordered_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_orders_organisation_id")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_orders_quote_id")),
        sa.ForeignKeyConstraint(
            ["received_file_id"], ["stored_files.id"], name=op.f("fk_orders_received_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_orders_quote_id")),
        sa.UniqueConstraint(
            "series_year", "series_sequence", name=op.f("uq_orders_series_year_series_sequence")
        ),
    )
    op.create_index("ix_orders_organisation", "orders", ["organisation_id", "id"], unique=False)
    op.create_table(
        "quote_standings",
        sa.Column("quote_id", KEY, autoincrement=False, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("due_rule", sa.String(length=30), nullable=False),
        sa.Column("invoices_itself", sa.Boolean(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quote_standings_organisation_id")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_standings_quote_id")),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_quote_standings")),
    )
    op.create_index(
        "ix_quote_standings_organisation", "quote_standings", ["organisation_id", "quote_id"], unique=False
    )
    op.create_index(
        "ix_quote_standings_state", "quote_standings", ["state", "valid_until", "quote_id"], unique=False
    )
    op.create_table(
        "invoice_replacements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("root_key", sa.String(length=120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("replaced_by_id", KEY, nullable=False),
        sa.Column("credit_note_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_invoice_replacements_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["credit_notes.id"], name=op.f("fk_invoice_replacements_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_replacements_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["invoices.id"], name=op.f("fk_invoice_replacements_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_replacements")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_invoice_replacements_invoice_id")),
        sa.UniqueConstraint("replaced_by_id", name=op.f("uq_invoice_replacements_replaced_by_id")),
        sa.UniqueConstraint("root_key", "place", name=op.f("uq_invoice_replacements_root_key_place")),
        sa.UniqueConstraint("source_key", name=op.f("uq_invoice_replacements_source_key")),
    )
    dialect = op.get_bind().dialect.name
    for table, keys in FROZEN.items():
        twins = [each for key in keys for each in twin_statements(dialect, table, key)]
        for statement in [*freeze_statements(dialect, table), *keep_statements(dialect, table), *twins]:
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_table("invoice_replacements")
    op.drop_index("ix_quote_standings_state", table_name="quote_standings")
    op.drop_index("ix_quote_standings_organisation", table_name="quote_standings")
    op.drop_table("quote_standings")
    op.drop_index("ix_orders_organisation", table_name="orders")
    op.drop_table("orders")
