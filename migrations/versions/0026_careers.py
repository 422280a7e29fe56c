"""Talks with the career-support office, its notes, and the page that saved a profile last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "career_notes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("corrects_id", KEY, nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_career_notes_author_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["career_notes.id"], name=op.f("fk_career_notes_corrects_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_career_notes_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_career_notes")),
        sa.UniqueConstraint("once_key", name=op.f("uq_career_notes_once_key")),
    )
    op.create_index("ix_career_notes_student", "career_notes", ["student_id", "id"], unique=False)
    op.create_table(
        "consultation_slots",
        sa.Column("id", KEY, nullable=False),
        sa.Column("officer_id", KEY, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("once_key", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_consultation_slots_ends_after_start")),
        sa.ForeignKeyConstraint(["officer_id"], ["people.id"], name=op.f("fk_consultation_slots_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_slots")),
        sa.UniqueConstraint("once_key", name=op.f("uq_consultation_slots_once_key")),
    )
    op.create_index(
        "ix_consultation_slots_officer", "consultation_slots", ["officer_id", "starts_at"], unique=False
    )
    op.create_index(
        "ix_consultation_slots_standing",
        "consultation_slots",
        ["starts_at", "id"],
        unique=False,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "consultations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("slot_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["people.id"], name=op.f("fk_consultations_cancelled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["consultation_slots.id"], name=op.f("fk_consultations_slot_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_consultations_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    op.create_index("ix_consultations_student", "consultations", ["student_id", "id"], unique=False)
    op.create_index(
        "uq_consultations_slot",
        "consultations",
        ["slot_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.add_column(
        "student_profiles", sa.Column("editor", sa.String(length=64), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("student_profiles", "editor")
    op.drop_index(
        "uq_consultations_slot",
        table_name="consultations",
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index("ix_consultations_student", table_name="consultations")
    op.drop_table("consultations")
    op.drop_index(
        "ix_consultation_slots_standing",
        table_name="consultation_slots",
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index("ix_consultation_slots_officer", table_name="consultation_slots")
    op.drop_table("consultation_slots")
    op.drop_index("ix_career_notes_student", table_name="career_notes")
    op.drop_table("career_notes")
