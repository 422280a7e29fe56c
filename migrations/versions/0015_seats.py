"""Extra training seats by arrangement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "seat_arrangements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("term_id", KEY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("price_yen", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", KEY, nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("invoice_id", KEY, nullable=True),
        sa.Column("credit_note_id", KEY, nullable=True),
        sa.CheckConstraint("seats > 0 AND price_yen >= 0", name=op.f("ck_seat_arrangements_amounts")),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["credit_notes.id"], name=op.f("fk_seat_arrangements_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_seat_arrangements_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_seat_arrangements_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_seat_arrangements_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_seat_arrangements_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["contract_terms.id"], name=op.f("fk_seat_arrangements_term_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_arrangements")),
        sa.UniqueConstraint("once_key", name=op.f("uq_seat_arrangements_once_key")),
    )
    op.create_index(
        "ix_seat_arrangements_organisation", "seat_arrangements", ["organisation_id", "id"], unique=False
    )
    op.create_index("ix_seat_arrangements_term", "seat_arrangements", ["term_id", "id"], unique=False)
    op.create_index(
        "uq_seat_arrangements_open",
        "seat_arrangements",
        ["term_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_seat_arrangements_open",
        table_name="seat_arrangements",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index("ix_seat_arrangements_term", table_name="seat_arrangements")
    op.drop_index("ix_seat_arrangements_organisation", table_name="seat_arrangements")
    op.drop_table("seat_arrangements")
