"""Limits, companies held back, the demand signal; who proposed a pre-arranged placement"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "demand_signals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("figures", DOCUMENT, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", KEY, nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["people.id"], name=op.f("fk_demand_signals_hidden_by_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["people.id"], name=op.f("fk_demand_signals_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_demand_signals_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_signals")),
        sa.UniqueConstraint("round_id", name=op.f("uq_demand_signals_round_id")),
    )
    op.create_table(
        "match_caps",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("targets", DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("places BETWEEN 0 AND 9999", name=op.f("ck_match_caps_places")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_match_caps_changed_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["internship_rounds.id"], name=op.f("fk_match_caps_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_caps")),
        sa.UniqueConstraint("round_id", "kind", "name", name=op.f("uq_match_caps_round_id_kind_name")),
    )
    op.create_table(
        "match_holds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_match_holds_created_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_match_holds_lifted_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_match_holds_organisation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["internship_rounds.id"], name=op.f("fk_match_holds_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_holds")),
    )
    op.create_index(op.f("ix_match_holds_organisation_id"), "match_holds", ["organisation_id"], unique=False)
    op.create_index(
        "uq_match_holds_standing",
        "match_holds",
        ["round_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.add_column("match_prearrangements", sa.Column("proposed_as", sa.String(40), nullable=True))
    op.add_column("match_prearrangements", sa.Column("words", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("match_prearrangements", "words")
    op.drop_column("match_prearrangements", "proposed_as")
    op.drop_index(
        "uq_match_holds_standing",
        table_name="match_holds",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_index(op.f("ix_match_holds_organisation_id"), table_name="match_holds")
    op.drop_table("match_holds")
    op.drop_table("match_caps")
    op.drop_table("demand_signals")
