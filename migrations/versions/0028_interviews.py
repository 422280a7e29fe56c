"""Times for interviews and invitations to them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "internship_slots",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("once_key", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("interviewer", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_internship_slots_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_internship_slots_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_slots_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_internship_slots_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_slots_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_slots")),
        sa.UniqueConstraint("once_key", name=op.f("uq_internship_slots_once_key")),
    )
    op.create_index(
        "ix_internship_slots_interviewer", "internship_slots", ["organisation_id", "starts_at"], unique=False
    )
    op.create_index(
        "ix_internship_slots_posting", "internship_slots", ["posting_id", "starts_at", "id"], unique=False
    )
    op.create_table(
        "internship_interviews",
        sa.Column("id", KEY, nullable=False),
        sa.Column("interest_id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("slot_id", KEY, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_alternate", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", KEY, nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interest_id"], ["internship_interests.id"], name=op.f("fk_internship_interviews_interest_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_internship_interviews_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_interviews_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_internship_interviews_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_interviews_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["internship_slots.id"], name=op.f("fk_internship_interviews_slot_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["people.id"], name=op.f("fk_internship_interviews_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_interviews")),
    )
    op.create_index(
        "ix_internship_interviews_company",
        "internship_interviews",
        ["round_id", "organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_internship_interviews_due",
        "internship_interviews",
        ["answer_by", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
        postgresql_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
    )
    op.create_index(
        "ix_internship_interviews_posting",
        "internship_interviews",
        ["posting_id", "state", "id"],
        unique=False,
    )
    op.create_index(
        "ix_internship_interviews_student", "internship_interviews", ["student_id", "id"], unique=False
    )
    op.create_index(
        "uq_internship_interviews_live",
        "internship_interviews",
        ["interest_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
        postgresql_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
    )
    op.create_index(
        "uq_internship_interviews_slot",
        "internship_interviews",
        ["slot_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('agreed', 'held', 'missed')"),
        postgresql_where=sa.text("state IN ('agreed', 'held', 'missed')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_internship_interviews_slot",
        table_name="internship_interviews",
        sqlite_where=sa.text("state IN ('agreed', 'held', 'missed')"),
        postgresql_where=sa.text("state IN ('agreed', 'held', 'missed')"),
    )
    op.drop_index(
        "uq_internship_interviews_live",
        table_name="internship_interviews",
        sqlite_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
        postgresql_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
    )
    op.drop_index("ix_internship_interviews_student", table_name="internship_interviews")
    op.drop_index("ix_internship_interviews_posting", table_name="internship_interviews")
    op.drop_index(
        "ix_internship_interviews_due",
        table_name="internship_interviews",
        sqlite_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
        postgresql_where=sa.text("state IN ('waiting', 'invited', 'unfit', 'agreed')"),
    )
    op.drop_index("ix_internship_interviews_company", table_name="internship_interviews")
    op.drop_table("internship_interviews")
    op.drop_index("ix_internship_slots_posting", table_name="internship_slots")
    op.drop_index("ix_internship_slots_interviewer", table_name="internship_slots")
    op.drop_table("internship_slots")
