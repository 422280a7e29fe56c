"""Another tier in the middle of a term, and how its rest is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, str | None] = {"proration_rules": None}


def upgrade() -> None:
    op.create_table(
        "proration_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("proration", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_proration_rules_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proration_rules")),
    )
    op.create_index("ix_proration_rules_valid_from", "proration_rules", ["valid_from", "id"], unique=False)
    op.create_table(
        "tier_changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("term_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("tier_id", KEY, nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=False),
        sa.Column("terms", DOCUMENT, nullable=True),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("credited_invoice_id", KEY, nullable=True),
        sa.Column("credit_note_id", KEY, nullable=True),
        sa.Column("invoice_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_tier_changes_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["credit_notes.id"], name=op.f("fk_tier_changes_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["credited_invoice_id"], ["invoices.id"], name=op.f("fk_tier_changes_credited_invoice_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_tier_changes_decided_by_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_tier_changes_invoice_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_tier_changes_organisation_id")
        ),
        sa.ForeignKeyConstraint(["term_id"], ["contract_terms.id"], name=op.f("fk_tier_changes_term_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tiers.id"], name=op.f("fk_tier_changes_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_changes")),
        sa.UniqueConstraint("credited_invoice_id", name=op.f("uq_tier_changes_credited_invoice_id")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_tier_changes_invoice_id")),
        sa.UniqueConstraint("once_key", name=op.f("uq_tier_changes_once_key")),
    )
    op.create_index("ix_tier_changes_organisation", "tier_changes", ["organisation_id", "id"], unique=False)
    op.create_index("ix_tier_changes_state", "tier_changes", ["state", "answer_by", "id"], unique=False)
    op.create_index("ix_tier_changes_term", "tier_changes", ["term_id", "id"], unique=False)
    op.create_index(
        "uq_tier_changes_open",
        "tier_changes",
        ["term_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'planned')"),
        postgresql_where=sa.text("state IN ('asked', 'planned')"),
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
    op.drop_index(
        "uq_tier_changes_open",
        table_name="tier_changes",
        sqlite_where=sa.text("state IN ('asked', 'planned')"),
        postgresql_where=sa.text("state IN ('asked', 'planned')"),
    )
    op.drop_index("ix_tier_changes_term", table_name="tier_changes")
    op.drop_index("ix_tier_changes_state", table_name="tier_changes")
    op.drop_index("ix_tier_changes_organisation", table_name="tier_changes")
    op.drop_table("tier_changes")
    op.drop_index("ix_proration_rules_valid_from", table_name="proration_rules")
    op.drop_table("proration_rules")
