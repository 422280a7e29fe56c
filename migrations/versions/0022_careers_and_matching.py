"""Profiles, supervisors, interests, lists, runs of the match, placements"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("granted_by_id", KEY, nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_credentials_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_credentials_person_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_credentials_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
    )
    op.create_index(op.f("ix_credentials_person_id"), "credentials", ["person_id"], unique=False)
    op.create_index(
        "uq_credentials_standing",
        "credentials",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "match_exclusions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_match_exclusions_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["people.id"], name=op.f("fk_match_exclusions_lifted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_match_exclusions_organisation_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_match_exclusions_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_exclusions")),
    )
    op.create_index(
        op.f("ix_match_exclusions_organisation_id"), "match_exclusions", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_match_exclusions_pair", "match_exclusions", ["student_id", "organisation_id"], unique=False
    )
    op.create_table(
        "supervisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_supervisions_created_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_supervisions_person_id")),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_supervisions_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisions")),
    )
    op.create_index("ix_supervisions_email_key", "supervisions", ["email_key"], unique=False)
    op.create_index(op.f("ix_supervisions_person_id"), "supervisions", ["person_id"], unique=False)
    op.create_index(op.f("ix_supervisions_student_id"), "supervisions", ["student_id"], unique=False)
    op.create_index(
        "uq_supervisions_student",
        "supervisions",
        ["student_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "company_rankings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("tiers", sa.Text(), nullable=False),
        sa.Column("unacceptable", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_company_rankings_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_company_rankings_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_company_rankings_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_rankings")),
        sa.UniqueConstraint(
            "round_id", "organisation_id", name=op.f("uq_company_rankings_round_id_organisation_id")
        ),
    )
    op.create_index(
        op.f("ix_company_rankings_organisation_id"), "company_rankings", ["organisation_id"], unique=False
    )
    op.create_table(
        "match_attempts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("base_id", KEY, nullable=True),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("engine", sa.String(length=60), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("figures", DOCUMENT, nullable=False),
        sa.Column("market", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["match_attempts.id"], name=op.f("fk_match_attempts_base_id")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["people.id"], name=op.f("fk_match_attempts_chosen_by_id")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_match_attempts_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_match_attempts_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_attempts")),
        sa.UniqueConstraint("once_key", name=op.f("uq_match_attempts_once_key")),
    )
    op.create_index("ix_match_attempts_round", "match_attempts", ["round_id", "id"], unique=False)
    op.create_index(
        "uq_match_attempts_chosen",
        "match_attempts",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("chosen_at IS NOT NULL"),
        postgresql_where=sa.text("chosen_at IS NOT NULL"),
    )
    op.create_table(
        "preference_lists",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("postings", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_preference_lists_round_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_preference_lists_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference_lists")),
        sa.UniqueConstraint("round_id", "student_id", name=op.f("uq_preference_lists_round_id_student_id")),
    )
    op.create_index(op.f("ix_preference_lists_student_id"), "preference_lists", ["student_id"], unique=False)
    op.create_table(
        "student_profiles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("research_field", sa.String(length=200), nullable=False),
        sa.Column("research", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("publications", sa.Text(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("free_until", sa.Date(), nullable=True),
        sa.Column("most_weeks", sa.Integer(), nullable=True),
        sa.Column("cv_id", KEY, nullable=True),
        sa.Column("research_summary_id", KEY, nullable=True),
        sa.Column("opened", DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("most_weeks BETWEEN 1 AND 52", name=op.f("ck_student_profiles_most_weeks")),
        sa.ForeignKeyConstraint(["cv_id"], ["stored_files.id"], name=op.f("fk_student_profiles_cv_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_student_profiles_person_id")),
        sa.ForeignKeyConstraint(
            ["research_summary_id"], ["stored_files.id"], name=op.f("fk_student_profiles_research_summary_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_profiles")),
        sa.UniqueConstraint("person_id", name=op.f("uq_student_profiles_person_id")),
    )
    op.create_table(
        "internship_interests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_interests_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_internship_interests_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_interests_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["people.id"], name=op.f("fk_internship_interests_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_interests")),
        sa.UniqueConstraint(
            "posting_id", "student_id", name=op.f("uq_internship_interests_posting_id_student_id")
        ),
    )
    op.create_index(
        "ix_internship_interests_round",
        "internship_interests",
        ["round_id", "organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_internship_interests_student", "internship_interests", ["student_id", "round_id"], unique=False
    )
    op.create_table(
        "match_outcomes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["match_attempts.id"], name=op.f("fk_match_outcomes_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_match_outcomes_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_match_outcomes_round_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_match_outcomes_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_outcomes")),
        sa.UniqueConstraint("round_id", "student_id", name=op.f("uq_match_outcomes_round_id_student_id")),
    )
    op.create_index("ix_match_outcomes_posting", "match_outcomes", ["posting_id"], unique=False)
    op.create_index("ix_match_outcomes_student", "match_outcomes", ["student_id"], unique=False)
    op.create_table(
        "match_prearrangements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", KEY, nullable=False),
        sa.Column("student_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("company_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("company_by_id", KEY, nullable=True),
        sa.Column("supervisor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("office_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("office_by_id", KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_by_id"], ["people.id"], name=op.f("fk_match_prearrangements_company_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_by_id"], ["people.id"], name=op.f("fk_match_prearrangements_office_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_match_prearrangements_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_match_prearrangements_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_match_prearrangements_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["people.id"], name=op.f("fk_match_prearrangements_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_prearrangements")),
        sa.UniqueConstraint(
            "round_id",
            "student_id",
            "posting_id",
            name=op.f("uq_match_prearrangements_round_id_student_id_posting_id"),
        ),
    )
    op.create_index(
        op.f("ix_match_prearrangements_posting_id"), "match_prearrangements", ["posting_id"], unique=False
    )
    op.create_index(
        op.f("ix_match_prearrangements_student_id"), "match_prearrangements", ["student_id"], unique=False
    )
    op.create_table(
        "placements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("posting_id", KEY, nullable=False),
        sa.Column("student_id", KEY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_placements_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["internship_postings.id"], name=op.f("fk_placements_posting_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["internship_rounds.id"], name=op.f("fk_placements_round_id")),
        sa.ForeignKeyConstraint(["student_id"], ["people.id"], name=op.f("fk_placements_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("posting_id", "student_id", name=op.f("uq_placements_posting_id_student_id")),
    )
    op.create_index("ix_placements_company", "placements", ["organisation_id", "id"], unique=False)
    op.create_index("ix_placements_round", "placements", ["round_id", "state", "id"], unique=False)
    op.create_index(op.f("ix_placements_student_id"), "placements", ["student_id"], unique=False)
    op.create_table(
        "internship_approvals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("interest_id", KEY, nullable=False),
        sa.Column("supervision_id", KEY, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_internship_approvals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["interest_id"], ["internship_interests.id"], name=op.f("fk_internship_approvals_interest_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervisions.id"], name=op.f("fk_internship_approvals_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_approvals")),
        sa.UniqueConstraint("interest_id", name=op.f("uq_internship_approvals_interest_id")),
    )
    op.create_index(
        "ix_internship_approvals_supervision", "internship_approvals", ["supervision_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_internship_approvals_supervision", table_name="internship_approvals")
    op.drop_table("internship_approvals")
    op.drop_index(op.f("ix_placements_student_id"), table_name="placements")
    op.drop_index("ix_placements_round", table_name="placements")
    op.drop_index("ix_placements_company", table_name="placements")
    op.drop_table("placements")
    op.drop_index(op.f("ix_match_prearrangements_student_id"), table_name="match_prearrangements")
    op.drop_index(op.f("ix_match_prearrangements_posting_id"), table_name="match_prearrangements")
    op.drop_table("match_prearrangements")
    op.drop_index("ix_match_outcomes_student", table_name="match_outcomes")
    op.drop_index("ix_match_outcomes_posting", table_name="match_outcomes")
    op.drop_table("match_outcomes")
    op.drop_index("ix_internship_interests_student", table_name="internship_interests")
    op.drop_index("ix_internship_interests_round", table_name="internship_interests")
    op.drop_table("internship_interests")
    op.drop_table("student_profiles")
    op.drop_index(op.f("ix_preference_lists_student_id"), table_name="preference_lists")
    op.drop_table("preference_lists")
    op.drop_index(
        "uq_match_attempts_chosen",
        table_name="match_attempts",
        sqlite_where=sa.text("chosen_at IS NOT NULL"),
        postgresql_where=sa.text("chosen_at IS NOT NULL"),
    )
    op.drop_index("ix_match_attempts_round", table_name="match_attempts")
    op.drop_table("match_attempts")
    op.drop_index(op.f("ix_company_rankings_organisation_id"), table_name="company_rankings")
    op.drop_table("company_rankings")
    op.drop_index(
        "uq_supervisions_student",
        table_name="supervisions",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_supervisions_student_id"), table_name="supervisions")
    op.drop_index(op.f("ix_supervisions_person_id"), table_name="supervisions")
    op.drop_index("ix_supervisions_email_key", table_name="supervisions")
    op.drop_table("supervisions")
    op.drop_index("ix_match_exclusions_pair", table_name="match_exclusions")
    op.drop_index(op.f("ix_match_exclusions_organisation_id"), table_name="match_exclusions")
    op.drop_table("match_exclusions")
    op.drop_index(
        "uq_credentials_standing",
        table_name="credentials",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_credentials_person_id"), table_name="credentials")
    op.drop_table("credentials")
