"""Advances that move to another invoice of the company."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core.schema import freeze_statements, keep_statements, thaw_statements, twin_statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN: dict[str, list[tuple[str, ...]]] = {
    "advance_moves": [("source_key",), ("undoes_id",)],
    "advance_parts": [("move_id", "payment_id")],
}


def upgrade() -> None:
    op.create_table(
        "advance_moves",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("undoes_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("from_invoice_id", KEY, nullable=False),
        sa.Column("to_invoice_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("moved_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_advance_moves_amount")),
        sa.CheckConstraint("from_invoice_id <> to_invoice_id", name=op.f("ck_advance_moves_invoices")),
        sa.ForeignKeyConstraint(
            ["from_invoice_id"], ["invoices.id"], name=op.f("fk_advance_moves_from_invoice_id")
        ),
        sa.ForeignKeyConstraint(["moved_by_id"], ["people.id"], name=op.f("fk_advance_moves_moved_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_advance_moves_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_invoice_id"], ["invoices.id"], name=op.f("fk_advance_moves_to_invoice_id")
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["advance_moves.id"], name=op.f("fk_advance_moves_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_moves")),
        sa.UniqueConstraint("source_key", name=op.f("uq_advance_moves_source_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_advance_moves_undoes_id")),
    )
    op.create_index("ix_advance_moves_from", "advance_moves", ["from_invoice_id", "id"], unique=False)
    op.create_index("ix_advance_moves_to", "advance_moves", ["to_invoice_id", "id"], unique=False)
    op.create_table(
        "advance_parts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("move_id", KEY, nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("released_yen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount_yen > 0 AND released_yen >= 0 AND released_yen <= amount_yen",
            name=op.f("ck_advance_parts_amounts"),
        ),
        sa.ForeignKeyConstraint(["move_id"], ["advance_moves.id"], name=op.f("fk_advance_parts_move_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_advance_parts_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_parts")),
        sa.UniqueConstraint("move_id", "payment_id", name=op.f("uq_advance_parts_move_id_payment_id")),
    )
    op.create_index("ix_advance_parts_payment", "advance_parts", ["payment_id", "id"], unique=False)
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
    op.drop_index("ix_advance_parts_payment", table_name="advance_parts")
    op.drop_table("advance_parts")
    op.drop_index("ix_advance_moves_to", table_name="advance_moves")
    op.drop_index("ix_advance_moves_from", table_name="advance_moves")
    op.drop_table("advance_moves")
