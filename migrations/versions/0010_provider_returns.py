"""Refunds through the provider, contested payments, and what payers have there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core.schema import freeze_statements, keep_statements, thaw_statements, twin_statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN: dict[str, tuple[str, ...]] = {
    "write_offs": ("source",),
    "refund_reversals": ("refund_id",),
    "payment_withdrawals": ("source", "payment_id"),
}


def upgrade() -> None:
    op.create_table(
        "payer_balances",
        sa.Column("id", KEY, nullable=False),
        sa.Column("customer", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("balance_yen", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("balance_yen >= 0", name=op.f("ck_payer_balances_balance")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_payer_balances_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_balances")),
        sa.UniqueConstraint("customer", name=op.f("uq_payer_balances_customer")),
    )
    op.create_index(
        "ix_payer_balances_organisation", "payer_balances", ["organisation_id", "id"], unique=False
    )
    op.create_table(
        "write_offs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("written_off_on", sa.Date(), nullable=False),
        sa.Column("written_off_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_write_offs_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_write_offs_invoice_id")),
        sa.ForeignKeyConstraint(
            ["written_off_by_id"], ["people.id"], name=op.f("fk_write_offs_written_off_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_offs")),
        sa.UniqueConstraint("source", name=op.f("uq_write_offs_source")),
    )
    op.create_index("ix_write_offs_invoice", "write_offs", ["invoice_id", "id"], unique=False)
    op.create_table(
        "disputes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("held_yen", sa.BigInteger(), nullable=False),
        sa.Column("fee_yen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "amount_yen > 0 AND held_yen >= 0 AND fee_yen >= 0", name=op.f("ck_disputes_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["checkout_attempts.id"], name=op.f("fk_disputes_attempt_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_disputes_invoice_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_disputes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_disputes_provider_id")),
    )
    op.create_index("ix_disputes_invoice", "disputes", ["invoice_id", "id"], unique=False)
    op.create_index("ix_disputes_state", "disputes", ["state", "id"], unique=False)
    op.create_table(
        "refund_orders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=True),
        sa.Column("customer", sa.String(length=120), nullable=True),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("booking", sa.String(40), nullable=False),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=True),
        sa.Column("refund_id", KEY, nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_refund_orders_amount")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_refund_orders_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["checkout_attempts.id"], name=op.f("fk_refund_orders_attempt_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_refund_orders_invoice_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_refund_orders_organisation_id")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_refund_orders_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_orders")),
        sa.UniqueConstraint("key", name=op.f("uq_refund_orders_key")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_refund_orders_provider_id")),
    )
    op.create_index("ix_refund_orders_attempt", "refund_orders", ["attempt_id", "id"], unique=False)
    op.create_index("ix_refund_orders_invoice", "refund_orders", ["invoice_id", "id"], unique=False)
    op.create_index(
        "ix_refund_orders_under_way",
        "refund_orders",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('requested', 'refund_pending', 'requires_action')"),
        postgresql_where=sa.text("state IN ('requested', 'refund_pending', 'requires_action')"),
    )
    op.create_index(
        "uq_refund_orders_asking",
        "refund_orders",
        ["customer"],
        unique=True,
        sqlite_where=sa.text("state = 'requested' AND kind = 'balance'"),
        postgresql_where=sa.text("state = 'requested' AND kind = 'balance'"),
    )
    op.create_table(
        "refund_reversals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("refund_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_refund_reversals_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_reversals")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_refund_reversals_refund_id")),
    )
    op.create_table(
        "payment_withdrawals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("settled_yen", sa.BigInteger(), nullable=False),
        sa.Column("excess_yen", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_yen > 0 AND settled_yen >= 0 AND excess_yen >= 0 AND settled_yen + excess_yen <= amount_yen",
            name=op.f("ck_payment_withdrawals_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payment_withdrawals_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_withdrawals_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_withdrawals")),
        sa.UniqueConstraint("source", "payment_id", name=op.f("uq_payment_withdrawals_source_payment_id")),
    )
    op.create_index(
        "ix_payment_withdrawals_invoice", "payment_withdrawals", ["invoice_id", "id"], unique=False
    )
    op.create_index(
        "ix_payment_withdrawals_payment", "payment_withdrawals", ["payment_id", "id"], unique=False
    )
    dialect = op.get_bind().dialect.name
    for table, key in FROZEN.items():
        for statement in [
            *freeze_statements(dialect, table),
            *keep_statements(dialect, table),
            *twin_statements(dialect, table, key),
        ]:
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_index("ix_payment_withdrawals_payment", table_name="payment_withdrawals")
    op.drop_index("ix_payment_withdrawals_invoice", table_name="payment_withdrawals")
    op.drop_table("payment_withdrawals")
    op.drop_table("refund_reversals")
    op.drop_index(
        "uq_refund_orders_asking",
        table_name="refund_orders",
        sqlite_where=sa.text("state = 'requested' AND kind = 'balance'"),
        postgresql_where=sa.text("state = 'requested' AND kind = 'balance'"),
    )
    op.drop_index(
        "ix_refund_orders_under_way",
        table_name="refund_orders",
        sqlite_where=sa.text("state IN ('requested', 'refund_pending', 'requires_action')"),
        postgresql_where=sa.text("state IN ('requested', 'refund_pending', 'requires_action')"),
    )
    op.drop_index("ix_refund_orders_invoice", table_name="refund_orders")
    op.drop_index("ix_refund_orders_attempt", table_name="refund_orders")
    op.drop_table("refund_orders")
    op.drop_index("ix_disputes_state", table_name="disputes")
    op.drop_index("ix_disputes_invoice", table_name="disputes")
    op.drop_table("disputes")
    op.drop_index("ix_write_offs_invoice", table_name="write_offs")
    op.drop_table("write_offs")
    op.drop_index("ix_payer_balances_organisation", table_name="payer_balances")
    op.drop_table("payer_balances")
