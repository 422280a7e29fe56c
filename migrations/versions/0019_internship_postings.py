"""Rounds of internships, what companies offer in them, and how many students they take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "internship_rounds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("name_ja", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interviews_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ranking_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locks_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publishes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("longest_list", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(255), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.CheckConstraint("longest_list BETWEEN 1 AND 50", name=op.f("ck_internship_rounds_longest_list")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_internship_rounds_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_rounds")),
        sa.UniqueConstraint("fiscal_year", "name_ja", name=op.f("uq_internship_rounds_fiscal_year_name_ja")),
        sa.UniqueConstraint("once_key", name=op.f("uq_internship_rounds_once_key")),
    )
    op.create_table(
        "internship_hosts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("places BETWEEN 0 AND 999", name=op.f("ck_internship_hosts_places")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_internship_hosts_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_hosts_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_hosts_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_hosts")),
        sa.UniqueConstraint(
            "round_id", "organisation_id", name=op.f("uq_internship_hosts_round_id_organisation_id")
        ),
    )
    op.create_index(
        op.f("ix_internship_hosts_organisation_id"), "internship_hosts", ["organisation_id"], unique=False
    )
    op.create_table(
        "internship_postings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", KEY, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("knowledge", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("hub_id", KEY, nullable=True),
        sa.Column("mentor", sa.String(length=100), nullable=False),
        sa.Column("prefecture", sa.String(length=2), nullable=False),
        sa.Column("workplace", sa.String(length=200), nullable=False),
        sa.Column("remote", sa.String(40), nullable=True),
        sa.Column("language", sa.String(40), nullable=True),
        sa.Column("starts_from", sa.Date(), nullable=True),
        sa.Column("ends_by", sa.Date(), nullable=True),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("days_a_week", sa.Integer(), nullable=True),
        sa.Column("pay_unit", sa.String(40), nullable=True),
        sa.Column("pay_yen", sa.Integer(), nullable=True),
        sa.Column("expenses", sa.String(length=200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("least_places", sa.Integer(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Text(), nullable=False),
        sa.Column("data_agreements", DOCUMENT, nullable=False),
        sa.Column("data_used", sa.Text(), nullable=False),
        sa.Column("has_export_control", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "places BETWEEN 0 AND 999 AND least_places BETWEEN 0 AND 999",
            name=op.f("ck_internship_postings_places"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_internship_postings_created_by_id")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_internship_postings_hub_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_postings_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["people.id"], name=op.f("fk_internship_postings_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_postings_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_postings")),
        sa.UniqueConstraint("once_key", name=op.f("uq_internship_postings_once_key")),
    )
    op.create_index(
        "ix_internship_postings_company",
        "internship_postings",
        ["organisation_id", "round_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_internship_postings_moved", "internship_postings", ["round_id", "moved_at", "id"], unique=False
    )
    op.create_index(
        "ix_internship_postings_round",
        "internship_postings",
        ["round_id", "state", "moved_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_internship_postings_waiting",
        "internship_postings",
        ["moved_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'submitted'"),
        postgresql_where=sa.text("state = 'submitted'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_internship_postings_waiting",
        table_name="internship_postings",
        sqlite_where=sa.text("state = 'submitted'"),
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.drop_index("ix_internship_postings_round", table_name="internship_postings")
    op.drop_index("ix_internship_postings_moved", table_name="internship_postings")
    op.drop_index("ix_internship_postings_company", table_name="internship_postings")
    op.drop_table("internship_postings")
    op.drop_index(op.f("ix_internship_hosts_organisation_id"), table_name="internship_hosts")
    op.drop_table("internship_hosts")
    op.drop_table("internship_rounds")
