"""Our bank accounts, the files of the bank, deposits and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN = (
    "bank_rules",
    "bank_mappings",
    "bank_files",
    "bank_deposits",
    "deposit_decisions",
    "decision_reversals",
    "deposit_parts",
    "fee_returns",
)


def upgrade() -> None:
    op.create_table(
        "bank_accounts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("key", name=op.f("uq_bank_accounts_key")),
    )
    op.create_table(
        "bank_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("fee_yen", sa.BigInteger(), nullable=False),
        sa.Column("applies_itself", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.CheckConstraint("fee_yen >= 0 AND fee_yen <= 1000", name=op.f("ck_bank_rules_fee")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_bank_rules_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_rules")),
    )
    op.create_table(
        "bank_mappings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bank_account_id", KEY, nullable=False),
        sa.Column("columns", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_accounts.id"], name=op.f("fk_bank_mappings_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_bank_mappings_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_mappings")),
    )
    op.create_index("ix_bank_mappings_account", "bank_mappings", ["bank_account_id", "id"], unique=False)
    op.create_table(
        "bank_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_key", sa.String(length=40), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("deposits", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_bank_files_file_id")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["people.id"], name=op.f("fk_bank_files_imported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
        sa.UniqueConstraint("sha256", "account_key", name=op.f("uq_bank_files_sha256_account_key")),
    )
    op.create_index("ix_bank_files_imported", "bank_files", ["imported_at", "id"], unique=False)
    op.create_table(
        "payer_aliases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learned_by_id", KEY, nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learned_by_id"], ["people.id"], name=op.f("fk_payer_aliases_learned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_payer_aliases_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_aliases")),
        sa.UniqueConstraint(
            "kind", "key", "organisation_id", name=op.f("uq_payer_aliases_kind_key_organisation_id")
        ),
    )
    op.create_index("ix_payer_aliases_organisation", "payer_aliases", ["organisation_id", "id"], unique=False)
    op.create_table(
        "bank_deposits",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bank_file_id", KEY, nullable=False),
        sa.Column("bank_account_id", KEY, nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=True),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("payer_name", sa.String(length=200), nullable=False),
        sa.Column("payer_code", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False),
        sa.Column("edi", sa.String(length=200), nullable=False),
        sa.Column("remarks", sa.String(length=200), nullable=False),
        sa.Column("is_cancellation", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_bank_deposits_amount")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_accounts.id"], name=op.f("fk_bank_deposits_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["bank_file_id"], ["bank_files.id"], name=op.f("fk_bank_deposits_bank_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_deposits")),
        sa.UniqueConstraint("identity", name=op.f("uq_bank_deposits_identity")),
    )
    op.create_index(
        "ix_bank_deposits_day", "bank_deposits", ["bank_account_id", "booked_on", "id"], unique=False
    )
    op.create_index("ix_bank_deposits_file", "bank_deposits", ["bank_file_id", "id"], unique=False)
    op.create_table(
        "deposit_standings",
        sa.Column("deposit_id", KEY, autoincrement=False, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.Column("invoice_id", KEY, nullable=True),
        sa.Column("invoices", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["bank_deposits.id"], name=op.f("fk_deposit_standings_deposit_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_deposit_standings_invoice_id")
        ),
        sa.PrimaryKeyConstraint("deposit_id", name=op.f("pk_deposit_standings")),
    )
    op.create_index(
        "ix_deposit_standings_grade", "deposit_standings", ["state", "grade", "deposit_id"], unique=False
    )
    op.create_index(
        "ix_deposit_standings_list", "deposit_standings", ["state", "booked_on", "deposit_id"], unique=False
    )
    op.create_table(
        "deposit_decisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("deposit_id", KEY, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_deposit_decisions_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["bank_deposits.id"], name=op.f("fk_deposit_decisions_deposit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_decisions")),
        sa.UniqueConstraint("deposit_id", "round", name=op.f("uq_deposit_decisions_deposit_id_round")),
    )
    op.create_table(
        "decision_reversals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["deposit_decisions.id"], name=op.f("fk_decision_reversals_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by_id"], ["people.id"], name=op.f("fk_decision_reversals_reversed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_reversals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_decision_reversals_decision_id")),
    )
    op.create_table(
        "deposit_parts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_deposit_parts_amount")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["deposit_decisions.id"], name=op.f("fk_deposit_parts_decision_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_deposit_parts_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_deposit_parts_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_parts")),
        sa.UniqueConstraint(
            "decision_id", "invoice_id", name=op.f("uq_deposit_parts_decision_id_invoice_id")
        ),
        sa.UniqueConstraint("payment_id", name=op.f("uq_deposit_parts_payment_id")),
    )
    op.create_index("ix_deposit_parts_invoice", "deposit_parts", ["invoice_id", "id"], unique=False)
    op.create_table(
        "fee_returns",
        sa.Column("id", KEY, nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("rate", sa.String(length=10), nullable=False),
        sa.Column("net_yen", sa.BigInteger(), nullable=False),
        sa.Column("tax_yen", sa.BigInteger(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "net_yen + tax_yen = total_yen AND total_yen > 0 AND total_yen <= 1000",
            name=op.f("ck_fee_returns_totals"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["deposit_decisions.id"], name=op.f("fk_fee_returns_decision_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_fee_returns_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_returns")),
        sa.UniqueConstraint("decision_id", "invoice_id", name=op.f("uq_fee_returns_decision_id_invoice_id")),
    )
    op.create_index("ix_fee_returns_invoice", "fee_returns", ["invoice_id", "id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in [*freeze_statements(dialect, table), *keep_statements(dialect, table)]:
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in reversed(FROZEN):
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_index("ix_fee_returns_invoice", table_name="fee_returns")
    op.drop_table("fee_returns")
    op.drop_index("ix_deposit_parts_invoice", table_name="deposit_parts")
    op.drop_table("deposit_parts")
    op.drop_table("decision_reversals")
    op.drop_table("deposit_decisions")
    op.drop_index("ix_deposit_standings_list", table_name="deposit_standings")
    op.drop_index("ix_deposit_standings_grade", table_name="deposit_standings")
    op.drop_table("deposit_standings")
    op.drop_index("ix_bank_deposits_file", table_name="bank_deposits")
    op.drop_index("ix_bank_deposits_day", table_name="bank_deposits")
    op.drop_table("bank_deposits")
    op.drop_index("ix_payer_aliases_organisation", table_name="payer_aliases")
    op.drop_table("payer_aliases")
    op.drop_index("ix_bank_files_imported", table_name="bank_files")
    op.drop_table("bank_files")
    op.drop_index("ix_bank_mappings_account", table_name="bank_mappings")
    op.drop_table("bank_mappings")
    op.drop_table("bank_rules")
    op.drop_table("bank_accounts")
