"""Runs of the match: studies, waivers, readings of lists, publications, offers of open places, rounds that follow another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements, twin_statements

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, tuple[str, ...]] = {"list_readings": (), "match_waivers": ("attempt_id",)}


def upgrade() -> None:
    op.create_table(
        "list_readings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reader_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_list_readings_organisation_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["people.id"], name=op.f("fk_list_readings_reader_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_list_readings_round_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_list_readings_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_readings")),
    )
    op.create_index("ix_list_readings_organisation", "list_readings", ["organisation_id", "id"], unique=False)
    op.create_index("ix_list_readings_student", "list_readings", ["student_id", "id"], unique=False)
    op.create_table(
        "match_follow_ups",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("follows_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["internship_rounds.id"], name=op.f("fk_match_follow_ups_follows_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_match_follow_ups_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_follow_ups")),
        sa.UniqueConstraint("follows_id", name=op.f("uq_match_follow_ups_follows_id")),
        sa.UniqueConstraint("round_id", name=op.f("uq_match_follow_ups_round_id")),
    )
    op.create_table(
        "match_publications",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["match_attempts.id"], name=op.f("fk_match_publications_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_match_publications_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_publications")),
        sa.UniqueConstraint("round_id", name=op.f("uq_match_publications_round_id")),
    )
    op.create_table(
        "match_studies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("fault", sa.String(40), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", DOCUMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_match_studies_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["match_attempts.id"], name=op.f("fk_match_studies_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_studies")),
        sa.UniqueConstraint("attempt_id", "kind", name=op.f("uq_match_studies_attempt_id_kind")),
    )
    op.create_table(
        "match_waivers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("student_said", sa.String(length=200), nullable=False),
        sa.Column("student_on", sa.Date(), nullable=False),
        sa.Column("company_said", sa.String(length=200), nullable=False),
        sa.Column("company_on", sa.Date(), nullable=False),
        sa.Column("blocking", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["match_attempts.id"], name=op.f("fk_match_waivers_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_match_waivers_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_match_waivers_posting_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_match_waivers_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_waivers")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_match_waivers_attempt_id")),
    )
    op.create_table(
        "rolling_offers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("chain_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", KEY, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["internship_rounds.id"], name=op.f("fk_rolling_offers_chain_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_rolling_offers_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_rolling_offers_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_rolling_offers_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_rolling_offers_round_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_rolling_offers_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rolling_offers")),
        sa.UniqueConstraint("once_key", name=op.f("uq_rolling_offers_once_key")),
    )
    op.create_index(
        op.f("ix_rolling_offers_organisation_id"), "rolling_offers", ["organisation_id"], unique=False
    )
    op.create_index("ix_rolling_offers_round", "rolling_offers", ["round_id", "id"], unique=False)
    op.create_index("ix_rolling_offers_student", "rolling_offers", ["student_id", "id"], unique=False)
    op.create_index(
        "uq_rolling_offers_open",
        "rolling_offers",
        ["posting_id", "student_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_rolling_offers_taken",
        "rolling_offers",
        ["chain_id", "student_id"],
        unique=True,
        sqlite_where=sa.text("state = 'taken'"),
        postgresql_where=sa.text("state = 'taken'"),
    )
    op.add_column("match_attempts", sa.Column("comparison", sa.Text(), nullable=True))
    op.add_column("match_attempts", sa.Column("fault", sa.String(40), nullable=True))
    dialect = op.get_bind().dialect.name
    for table, key in FROZEN.items():
        for statement in [
            *freeze_statements(dialect, table),
            *keep_statements(dialect, table),
            *(twin_statements(dialect, table, key) if key else ()),
        ]:
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_column("match_attempts", "fault")
    op.drop_column("match_attempts", "comparison")
    op.drop_index(
        "uq_rolling_offers_taken",
        table_name="rolling_offers",
        sqlite_where=sa.text("state = 'taken'"),
        postgresql_where=sa.text("state = 'taken'"),
    )
    op.drop_index(
        "uq_rolling_offers_open",
        table_name="rolling_offers",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_rolling_offers_student", table_name="rolling_offers")
    op.drop_index("ix_rolling_offers_round", table_name="rolling_offers")
    op.drop_index(op.f("ix_rolling_offers_organisation_id"), table_name="rolling_offers")
    op.drop_table("rolling_offers")
    op.drop_table("match_waivers")
    op.drop_table("match_studies")
    op.drop_table("match_publications")
    op.drop_table("match_follow_ups")
    op.drop_index("ix_list_readings_student", table_name="list_readings")
    op.drop_index("ix_list_readings_organisation", table_name="list_readings")
    op.drop_table("list_readings")
