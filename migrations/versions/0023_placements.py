"""Checklists, hours, evaluations and certificates of placements"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import (
    freeze_statements,
    keep_statements,
    thaw_statements,
    twin_statements,
)

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, str | None] = {
    "placement_evaluations": "is_sent",
    "placement_certificates": None,
    "certificate_voids": None,
}
KEYS: dict[str, list[tuple[str, ...]]] = {
    "placement_evaluations": [("placement_id", "side", "revision")],
    "placement_certificates": [("kind", "series_year", "series_sequence"), ("number",), ("replaces_id",)],
    "certificate_voids": [("certificate_id",)],
}


def upgrade() -> None:
    op.create_table(
        "placement_checks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("placement_id", KEY, nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("has_concern", sa.Boolean(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", KEY, nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_by_id", KEY, nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "progress BETWEEN 1 AND 4 AND support BETWEEN 1 AND 4", name=op.f("ck_placement_checks_marks")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_placement_checks_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["followed_by_id"], ["people.id"], name=op.f("fk_placement_checks_followed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_checks_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_checks")),
        sa.UniqueConstraint("placement_id", "side", name=op.f("uq_placement_checks_placement_id_side")),
    )
    op.create_table(
        "placement_evaluations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("placement_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("remarks", DOCUMENT, nullable=False),
        sa.Column("overall", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("interviewed_on", sa.Date(), nullable=True),
        sa.Column("interviewer", sa.String(length=100), nullable=False),
        sa.Column("is_open_to_host", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_placement_evaluations_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_placement_evaluations_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_evaluations_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_evaluations")),
        sa.UniqueConstraint(
            "placement_id",
            "side",
            "revision",
            name=op.f("uq_placement_evaluations_placement_id_side_revision"),
        ),
    )
    op.create_index(
        op.f("ix_placement_evaluations_organisation_id"),
        "placement_evaluations",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "placement_items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("placement_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("is_needed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", KEY, nullable=True),
        sa.Column("done_side", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_placement_items_done_by_id")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_items_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_items")),
        sa.UniqueConstraint("placement_id", "kind", name=op.f("uq_placement_items_placement_id_kind")),
    )
    op.create_table(
        "placement_weeks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("placement_id", KEY, nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_placement_weeks_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_weeks_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_weeks")),
        sa.UniqueConstraint("placement_id", "monday", name=op.f("uq_placement_weeks_placement_id_monday")),
    )
    op.create_table(
        "placement_certificates",
        sa.Column("id", KEY, nullable=False),
        sa.Column("placement_id", KEY, nullable=False),
        sa.Column("evaluation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_sequence", sa.Integer(), nullable=False),
        sa.Column("check_code", sa.String(length=20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", KEY, nullable=True),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("file_ja_id", KEY, nullable=False),
        sa.Column("file_en_id", KEY, nullable=False),
        sa.Column("sha256_ja", sa.String(length=64), nullable=False),
        sa.Column("sha256_en", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["placement_evaluations.id"],
            name=op.f("fk_placement_certificates_evaluation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_en_id"], ["stored_files.id"], name=op.f("fk_placement_certificates_file_en_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_ja_id"], ["stored_files.id"], name=op.f("fk_placement_certificates_file_ja_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["people.id"], name=op.f("fk_placement_certificates_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_certificates_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["placement_certificates.id"], name=op.f("fk_placement_certificates_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_certificates")),
        sa.UniqueConstraint(
            "kind",
            "series_year",
            "series_sequence",
            name=op.f("uq_placement_certificates_kind_series_year_series_sequence"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_placement_certificates_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_placement_certificates_replaces_id")),
    )
    op.create_index(
        "ix_placement_certificates_placement", "placement_certificates", ["placement_id", "id"], unique=False
    )
    op.create_table(
        "placement_days",
        sa.Column("id", KEY, nullable=False),
        sa.Column("placement_id", KEY, nullable=False),
        sa.Column("week_id", KEY, nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_placement_days_minutes")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_days_placement_id")
        ),
        sa.ForeignKeyConstraint(["week_id"], ["placement_weeks.id"], name=op.f("fk_placement_days_week_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_days")),
        sa.UniqueConstraint(
            "placement_id", "worked_on", name=op.f("uq_placement_days_placement_id_worked_on")
        ),
    )
    op.create_index(op.f("ix_placement_days_week_id"), "placement_days", ["week_id"], unique=False)
    op.create_table(
        "placement_papers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_placement_papers_added_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_placement_papers_file_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["placement_items.id"], name=op.f("fk_placement_papers_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_papers")),
    )
    op.create_index(op.f("ix_placement_papers_item_id"), "placement_papers", ["item_id"], unique=False)
    op.create_table(
        "certificate_voids",
        sa.Column("id", KEY, nullable=False),
        sa.Column("certificate_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_by_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["placement_certificates.id"],
            name=op.f("fk_certificate_voids_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["people.id"], name=op.f("fk_certificate_voids_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_voids")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_voids_certificate_id")),
    )
    op.add_column("placements", sa.Column("student_agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("placements", sa.Column("company_agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("placements", sa.Column("last_on", sa.Date(), nullable=True))
    op.add_column("placements", sa.Column("ending_side", sa.String(40), nullable=True))
    op.add_column("placements", sa.Column("ending_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("placements", sa.Column("ending_reason", sa.Text(), nullable=True))
    op.create_index("ix_placements_state", "placements", ["state", "id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table, only_when in FROZEN.items():
        for statement in [
            *freeze_statements(dialect, table, only_when=only_when),
            *keep_statements(dialect, table, only_when=only_when),
            *(each for key in KEYS[table] for each in twin_statements(dialect, table, key)),
        ]:
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_index("ix_placements_state", table_name="placements")
    op.drop_column("placements", "ending_reason")
    op.drop_column("placements", "ending_asked_at")
    op.drop_column("placements", "ending_side")
    op.drop_column("placements", "last_on")
    op.drop_column("placements", "company_agreed_at")
    op.drop_column("placements", "student_agreed_at")
    op.drop_table("certificate_voids")
    op.drop_index(op.f("ix_placement_papers_item_id"), table_name="placement_papers")
    op.drop_table("placement_papers")
    op.drop_index(op.f("ix_placement_days_week_id"), table_name="placement_days")
    op.drop_table("placement_days")
    op.drop_index("ix_placement_certificates_placement", table_name="placement_certificates")
    op.drop_table("placement_certificates")
    op.drop_table("placement_weeks")
    op.drop_table("placement_items")
    op.drop_index(op.f("ix_placement_evaluations_organisation_id"), table_name="placement_evaluations")
    op.drop_table("placement_evaluations")
    op.drop_table("placement_checks")
