"""Questions between students and companies, through the office"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "internship_questions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_internship_questions_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_internship_questions_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_questions_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_internship_questions_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_questions_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["people.id"], name=op.f("fk_internship_questions_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_questions")),
        sa.UniqueConstraint("once_key", name=op.f("uq_internship_questions_once_key")),
    )
    op.create_index(
        "ix_internship_questions_company", "internship_questions", ["organisation_id", "id"], unique=False
    )
    op.create_index("ix_internship_questions_moved", "internship_questions", ["moved_at", "id"], unique=False)
    op.create_index(
        "ix_internship_questions_open",
        "internship_questions",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('asked', 'returned', 'forwarded', 'answered', 'answer_returned')"),
        postgresql_where=sa.text(
            "state IN ('asked', 'returned', 'forwarded', 'answered', 'answer_returned')"
        ),
    )
    op.create_index(
        "ix_internship_questions_student", "internship_questions", ["student_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_internship_questions_student", table_name="internship_questions")
    op.drop_index(
        "ix_internship_questions_open",
        table_name="internship_questions",
        sqlite_where=sa.text("state IN ('asked', 'returned', 'forwarded', 'answered', 'answer_returned')"),
        postgresql_where=sa.text(
            "state IN ('asked', 'returned', 'forwarded', 'answered', 'answer_returned')"
        ),
    )
    op.drop_index("ix_internship_questions_moved", table_name="internship_questions")
    op.drop_index("ix_internship_questions_company", table_name="internship_questions")
    op.drop_table("internship_questions")
