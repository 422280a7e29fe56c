"""The register of papers with its archives, and the journal export."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements, twin_statements

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FROZEN: dict[str, str | None] = {
    "journal_mappings": None,
    "journal_runs": None,
    "kept_papers": None,
    "journal_run_entries": None,
}
TWINS: dict[str, list[tuple[str, ...]]] = {
    "kept_papers": [("source_type", "source_id")],
    "journal_run_entries": [("first_entry_id",), ("run_id", "entry_id")],
}


def upgrade() -> None:
    op.create_table(
        "journal_mappings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("layout", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_journal_mappings_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_mappings")),
    )
    op.create_table(
        "paper_archives",
        sa.Column("id", KEY, nullable=False),
        sa.Column("wanted", DOCUMENT, nullable=False),
        sa.Column("with_pint", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("bytes", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_paper_archives_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_archives")),
    )
    op.create_index("ix_paper_archives_state", "paper_archives", ["state", "id"], unique=False)
    op.create_table(
        "archive_chunks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("archive_id", KEY, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["paper_archives.id"], name=op.f("fk_archive_chunks_archive_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_chunks")),
        sa.UniqueConstraint(
            "archive_id", "attempt", "position", name=op.f("uq_archive_chunks_archive_id_attempt_position")
        ),
    )
    op.create_table(
        "journal_runs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("mapping_id", KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("debit_yen", sa.BigInteger(), nullable=False),
        sa.Column("credit_yen", sa.BigInteger(), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.CheckConstraint("debit_yen = credit_yen", name=op.f("ck_journal_runs_balance")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_journal_runs_created_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_journal_runs_file_id")),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["journal_mappings.id"], name=op.f("fk_journal_runs_mapping_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_runs")),
    )
    op.create_table(
        "kept_papers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_type", sa.String(length=40), nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("belongs_to", sa.String(length=60), nullable=False),
        sa.Column("transacted_on", sa.Date(), nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=True),
        sa.Column("party_name", sa.String(length=300), nullable=False),
        sa.Column("party_key", sa.String(length=500), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_kept_papers_created_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_kept_papers_file_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_kept_papers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_papers")),
        sa.UniqueConstraint("source_type", "source_id", name=op.f("uq_kept_papers_source_type_source_id")),
    )
    op.create_index("ix_kept_papers_number", "kept_papers", ["number", "id"], unique=False)
    op.create_index(
        "ix_kept_papers_organisation", "kept_papers", ["organisation_id", "transacted_on", "id"], unique=False
    )
    op.create_index(
        "ix_kept_papers_search",
        "kept_papers",
        ["transacted_on", "id", "amount_yen", "kind", "organisation_id", "party_key", "number"],
        unique=False,
    )
    op.create_table(
        "journal_run_entries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("first_entry_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entries.id"], name=op.f("fk_journal_run_entries_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_entry_id"], ["journal_entries.id"], name=op.f("fk_journal_run_entries_first_entry_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["journal_runs.id"], name=op.f("fk_journal_run_entries_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_run_entries")),
        sa.UniqueConstraint("first_entry_id", name=op.f("uq_journal_run_entries_first_entry_id")),
        sa.UniqueConstraint("run_id", "entry_id", name=op.f("uq_journal_run_entries_run_id_entry_id")),
    )
    op.create_index(
        "ix_journal_run_entries_entry", "journal_run_entries", ["entry_id", "run_id"], unique=False
    )
    dialect = op.get_bind().dialect.name
    for table, only_when in FROZEN.items():
        for statement in [
            *freeze_statements(dialect, table, only_when=only_when),
            *keep_statements(dialect, table, only_when=only_when),
        ]:
            op.execute(statement)
    for table, keys in TWINS.items():
        for key in keys:
            for statement in twin_statements(dialect, table, key):
                op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(statement)
    op.drop_index("ix_journal_run_entries_entry", table_name="journal_run_entries")
    op.drop_table("journal_run_entries")
    op.drop_index("ix_kept_papers_search", table_name="kept_papers")
    op.drop_index("ix_kept_papers_organisation", table_name="kept_papers")
    op.drop_index("ix_kept_papers_number", table_name="kept_papers")
    op.drop_table("kept_papers")
    op.drop_table("journal_runs")
    op.drop_table("archive_chunks")
    op.drop_index("ix_paper_archives_state", table_name="paper_archives")
    op.drop_table("paper_archives")
    op.drop_table("journal_mappings")
