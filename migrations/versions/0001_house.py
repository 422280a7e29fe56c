"""The house: accounts, files, audit, jobs, outbox, billing, hubs, membership, and what the database itself keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, thaw_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

# Append-only tables; a column name: only rows in which it is true.
FROZEN: dict[str, str | None] = {
    "acceptances": None,
    "allocations": None,
    "application_revisions": None,
    "audit_entries": None,
    "field_comments": None,
    "invoice_lines": None,
    "invoices": None,
    "issuer_profiles": None,
    "journal_entries": None,
    "ledger_transfers": None,
    "payment_reversals": None,
    "payments": None,
    "quotes": None,
    "receipt_voids": None,
    "receipts": None,
    "rules_versions": None,
    "stored_files": "is_kept",
    "tax_treatments": None,
}


def upgrade() -> None:
    op.create_table(
        "application_windows",
        sa.Column("id", KEY, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("priority_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_application_windows_order")),
        sa.CheckConstraint("places > 0", name=op.f("ck_application_windows_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_windows")),
        sa.UniqueConstraint("fiscal_year", name=op.f("uq_application_windows_fiscal_year")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("changes", DOCUMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("stream", "sequence", name=op.f("uq_audit_entries_stream_sequence")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_audit_entries_organisation", ["organisation_id", "id"], unique=False)
        batch_op.create_index("ix_audit_entries_subject", ["subject_type", "subject_id", "id"], unique=False)
        batch_op.create_index("ix_audit_entries_verb", ["verb", "id"], unique=False)

    op.create_table(
        "audit_heads",
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "hubs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_ja", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("aim_ja", sa.String(length=200), nullable=False),
        sa.Column("aim_en", sa.String(length=200), nullable=False),
        sa.Column("fiscal_year_from", sa.Integer(), nullable=False),
        sa.Column("fiscal_year_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hubs")),
        sa.UniqueConstraint("code", name=op.f("uq_hubs_code")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("arguments", DOCUMENT, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jobs_due",
            ["run_after"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.create_index(
            "ix_jobs_failed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )

    op.create_table(
        "limit_counters",
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_counters")),
    )
    with op.batch_alter_table("limit_counters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_limit_counters_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "fiscal_year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("corporate_number", sa.String(length=13), nullable=True),
        sa.Column("name_ja", sa.String(length=200), nullable=False),
        sa.Column("name_kana", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("industry", sa.String(length=60), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("capital_yen", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("corporate_number", name=op.f("uq_organisations_corporate_number")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index("ix_organisations_name", ["name_kana", "id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_kana", sa.String(length=100), nullable=False),
        sa.Column("telephone", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("is_password_short", sa.Boolean(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email_key", name=op.f("uq_people_email_key")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_name", ["name_kana", "id"], unique=False)

    op.create_table(
        "provider_looks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events_found", sa.Integer(), nullable=False),
        sa.Column("events_missed", sa.Integer(), nullable=False),
        sa.Column("payments_compared", sa.Integer(), nullable=False),
        sa.Column("differences_found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_looks")),
    )
    op.create_table(
        "rules_versions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text_ja", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_versions")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_rules_versions_kind_version")),
    )
    op.create_table(
        "tiers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.Column("name_ja", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("eligible_ja", sa.String(length=200), nullable=False),
        sa.Column("eligible_en", sa.String(length=200), nullable=False),
        sa.Column("note_ja", sa.String(length=400), nullable=False),
        sa.Column("note_en", sa.String(length=400), nullable=False),
        sa.Column("annual_fee_yen", sa.BigInteger(), nullable=False),
        sa.Column("tax_category", sa.String(40), nullable=False),
        sa.Column("training_seats", sa.Integer(), nullable=True),
        sa.Column("has_liaison_meeting", sa.Boolean(), nullable=False),
        sa.Column("has_study_groups", sa.Boolean(), nullable=False),
        sa.Column("requires_venture", sa.Boolean(), nullable=False),
        sa.Column("employees_below", sa.Integer(), nullable=True),
        sa.Column("founding_years_max", sa.Integer(), nullable=True),
        sa.Column("arrangement_from_learners", sa.Integer(), nullable=True),
        sa.Column("is_monitor", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.CheckConstraint("annual_fee_yen >= 0", name=op.f("ck_tiers_fee")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_tiers_validity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tiers")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_tiers_code_valid_from")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("object_id", sa.String(length=120), nullable=False),
        sa.Column("object_type", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_webhook_events_event_id")),
    )
    with op.batch_alter_table("webhook_events", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_events_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )

    op.create_table(
        "affiliations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_affiliations_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_affiliations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliations")),
    )
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.create_index("ix_affiliations_organisation", ["organisation_id", "person_id"], unique=False)
        batch_op.create_index(
            "uq_affiliations_open",
            ["person_id", "organisation_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_affiliations_representative",
            ["organisation_id"],
            unique=True,
            sqlite_where=sa.text("role = 'representative' AND ended_at IS NULL"),
            postgresql_where=sa.text("role = 'representative' AND ended_at IS NULL"),
        )

    op.create_table(
        "applications",
        sa.Column("id", KEY, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("started_by_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft", DOCUMENT, nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("draft_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_number", sa.String(length=20), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tier_id", KEY, nullable=True),
        sa.Column("eligibility", DOCUMENT, nullable=True),
        sa.Column("price", DOCUMENT, nullable=True),
        sa.Column("is_priority", sa.Boolean(), nullable=False),
        sa.Column("is_by_arrangement", sa.Boolean(), nullable=False),
        sa.Column("agreed_seats", sa.Integer(), nullable=True),
        sa.Column("checked_by_id", KEY, nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checklist", DOCUMENT, nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("minute_reference", sa.String(length=100), nullable=False),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["people.id"], name=op.f("fk_applications_checked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_applications_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_applications_organisation_id")
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name=op.f("fk_applications_started_by_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tiers.id"], name=op.f("fk_applications_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("once_key", name=op.f("uq_applications_once_key")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_applications_receipt_number")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_applications_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_applications_person", ["started_by_id", "id"], unique=False)
        batch_op.create_index("ix_applications_queue", ["state", "moved_at", "id"], unique=False)
        batch_op.create_index("ix_applications_year", ["fiscal_year", "state"], unique=False)
        batch_op.create_index(
            "uq_applications_live",
            ["organisation_id", "fiscal_year"],
            unique=True,
            sqlite_where=sa.text("organisation_id IS NOT NULL AND state NOT IN ('declined', 'withdrawn')"),
            postgresql_where=sa.text(
                "organisation_id IS NOT NULL AND state NOT IN ('declined', 'withdrawn')"
            ),
        )

    op.create_table(
        "hub_institutions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("hub_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("name_ja", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_hub_institutions_hub_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_hub_institutions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_institutions")),
        sa.UniqueConstraint("hub_id", "name_ja", name=op.f("uq_hub_institutions_hub_id_name_ja")),
    )
    with op.batch_alter_table("hub_institutions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hub_institutions_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "invitations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("roles", DOCUMENT, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("invited_by_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["invited_by_id"], ["people.id"], name=op.f("fk_invitations_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_invitations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_invitations_pending",
            ["organisation_id", "email_key"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "issuer_profiles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name_ja", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("registration_number", sa.String(length=14), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("address_ja", sa.String(length=300), nullable=False),
        sa.Column("address_en", sa.String(length=300), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("telephone", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("bank_name", sa.String(length=60), nullable=False),
        sa.Column("bank_code", sa.String(length=4), nullable=False),
        sa.Column("branch_name", sa.String(length=60), nullable=False),
        sa.Column("branch_code", sa.String(length=3), nullable=False),
        sa.Column("account_kind", sa.String(length=10), nullable=False),
        sa.Column("account_number", sa.String(length=10), nullable=False),
        sa.Column("account_holder", sa.String(length=100), nullable=False),
        sa.Column("rounding", sa.String(40), nullable=False),
        sa.Column("due_rule", sa.String(length=30), nullable=False),
        sa.Column("shifts_due_day", sa.Boolean(), nullable=False),
        sa.Column("quote_valid_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_issuer_profiles_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_profiles")),
    )
    with op.batch_alter_table("issuer_profiles", schema=None) as batch_op:
        batch_op.create_index("ix_issuer_profiles_valid_from", ["valid_from", "id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachments", DOCUMENT, nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_messages_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_person_id"), ["person_id"], unique=False)

    op.create_table(
        "one_time_tokens",
        sa.Column("id", KEY, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("data", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_one_time_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_tokens_token_hash")),
    )
    with op.batch_alter_table("one_time_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_tokens_person_id"), ["person_id"], unique=False)

    op.create_table(
        "passkeys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_passkeys_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_recovery_codes_person_id_code_hash")),
    )
    op.create_table(
        "stored_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("confidentiality", sa.String(40), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("uploaded_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_stored_files_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["people.id"], name=op.f("fk_stored_files_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stored_files_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stored_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "tax_treatments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("product", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("notice_ja", sa.Text(), nullable=False),
        sa.Column("notice_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_tax_treatments_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_treatments")),
    )
    with op.batch_alter_table("tax_treatments", schema=None) as batch_op:
        batch_op.create_index("ix_tax_treatments_product", ["product", "valid_from", "id"], unique=False)

    op.create_table(
        "totp_secrets",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_totp_secrets_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp_secrets")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("needs_second_factor", sa.Boolean(), nullable=False),
        sa.Column("must_enrol", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_user_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "acceptances",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rules_version_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_acceptances_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_acceptances_person_id")),
        sa.ForeignKeyConstraint(
            ["rules_version_id"], ["rules_versions.id"], name=op.f("fk_acceptances_rules_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptances")),
        sa.UniqueConstraint(
            "application_id",
            "revision",
            "rules_version_id",
            name=op.f("uq_acceptances_application_id_revision_rules_version_id"),
        ),
    )
    with op.batch_alter_table("acceptances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptances_person_id"), ["person_id"], unique=False)

    op.create_table(
        "application_collaborators",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_collaborators_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_application_collaborators_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_application_collaborators_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_collaborators")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_application_collaborators_token_hash")),
    )
    with op.batch_alter_table("application_collaborators", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_collaborators_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "uq_application_collaborators_standing",
            ["application_id", "email_key"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "application_revisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("files", DOCUMENT, nullable=False),
        sa.Column("tier_code", sa.String(length=20), nullable=False),
        sa.Column("eligibility", DOCUMENT, nullable=False),
        sa.Column("price", DOCUMENT, nullable=False),
        sa.Column("submitted_by_id", KEY, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_revisions_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["people.id"], name=op.f("fk_application_revisions_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_revisions")),
        sa.UniqueConstraint(
            "application_id", "number", name=op.f("uq_application_revisions_application_id_number")
        ),
        sa.UniqueConstraint("once_key", name=op.f("uq_application_revisions_once_key")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("added_by_id", KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_attachments_added_by_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_attachments_application_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_attachments_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_application_id"), ["application_id"], unique=False)

    op.create_table(
        "contract_terms",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("application_id", KEY, nullable=True),
        sa.Column("tier_id", KEY, nullable=False),
        sa.Column("tier_code", sa.String(length=20), nullable=False),
        sa.Column("tier_snapshot", DOCUMENT, nullable=False),
        sa.Column("price", DOCUMENT, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("activated_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contract_terms_order")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_contract_terms_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_contract_terms_organisation_id")
        ),
        sa.ForeignKeyConstraint(["tier_id"], ["tiers.id"], name=op.f("fk_contract_terms_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_terms")),
        sa.UniqueConstraint("application_id", name=op.f("uq_contract_terms_application_id")),
    )
    with op.batch_alter_table("contract_terms", schema=None) as batch_op:
        batch_op.create_index("ix_contract_terms_year", ["fiscal_year", "tier_code", "id"], unique=False)
        batch_op.create_index(
            "uq_contract_terms_open",
            ["organisation_id", "fiscal_year"],
            unique=True,
            sqlite_where=sa.text("cancelled_on IS NULL"),
            postgresql_where=sa.text("cancelled_on IS NULL"),
        )

    op.create_table(
        "field_comments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_field_comments_application_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_field_comments_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_comments")),
    )
    with op.batch_alter_table("field_comments", schema=None) as batch_op:
        batch_op.create_index("ix_field_comments_application", ["application_id", "revision"], unique=False)

    op.create_table(
        "invoices",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rounding", sa.String(length=20), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_sequence", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject_ja", sa.String(length=300), nullable=False),
        sa.Column("subject_en", sa.String(length=300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("issuer", DOCUMENT, nullable=False),
        sa.Column("buyer", DOCUMENT, nullable=False),
        sa.Column("tax_rows", DOCUMENT, nullable=False),
        sa.Column("net_yen", sa.BigInteger(), nullable=False),
        sa.Column("tax_yen", sa.BigInteger(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("purchase_order", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("issued_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "net_yen + tax_yen = total_yen AND total_yen > 0", name=op.f("ck_invoices_totals")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_invoices_file_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_invoices_issued_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invoices_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint(
            "series_year", "series_sequence", name=op.f("uq_invoices_series_year_series_sequence")
        ),
        sa.UniqueConstraint("source_key", name=op.f("uq_invoices_source_key")),
    )
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.create_index("ix_invoices_organisation", ["organisation_id", "id"], unique=False)
        batch_op.create_index("ix_invoices_year", ["fiscal_year", "id"], unique=False)

    op.create_table(
        "quotes",
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_sequence", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject_ja", sa.String(length=300), nullable=False),
        sa.Column("subject_en", sa.String(length=300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("issuer", DOCUMENT, nullable=False),
        sa.Column("buyer", DOCUMENT, nullable=False),
        sa.Column("tax_rows", DOCUMENT, nullable=False),
        sa.Column("net_yen", sa.BigInteger(), nullable=False),
        sa.Column("tax_yen", sa.BigInteger(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("purchase_order", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("issued_by_id", KEY, nullable=True),
        sa.CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name=op.f("ck_quotes_totals")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_quotes_file_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_quotes_issued_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quotes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("number", name=op.f("uq_quotes_number")),
        sa.UniqueConstraint(
            "series_year", "series_sequence", name=op.f("uq_quotes_series_year_series_sequence")
        ),
        sa.UniqueConstraint("source_key", name=op.f("uq_quotes_source_key")),
    )
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.create_index("ix_quotes_issued_by", ["issued_by_id", "id"], unique=False)
        batch_op.create_index("ix_quotes_organisation", ["organisation_id", "id"], unique=False)

    op.create_table(
        "checkout_attempts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("received_yen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_yen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("session_id", sa.String(length=120), nullable=True),
        sa.Column("intent_id", sa.String(length=120), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("transfer", DOCUMENT, nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.CheckConstraint("received_yen >= 0 AND amount_yen > 0", name=op.f("ck_checkout_attempts_amounts")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_checkout_attempts_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_checkout_attempts_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_checkout_attempts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout_attempts")),
        sa.UniqueConstraint("intent_id", name=op.f("uq_checkout_attempts_intent_id")),
        sa.UniqueConstraint("key", name=op.f("uq_checkout_attempts_key")),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkout_attempts_session_id")),
    )
    with op.batch_alter_table("checkout_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkout_attempts_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index("ix_checkout_attempts_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_checkout_attempts_live",
            ["invoice_id", "method"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('started', 'checkout_open', 'awaiting_transfer', 'partially_paid')"
            ),
            postgresql_where=sa.text(
                "state IN ('started', 'checkout_open', 'awaiting_transfer', 'partially_paid')"
            ),
        )

    op.create_table(
        "invoice_lines",
        sa.Column("id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("description_ja", sa.String(length=300), nullable=False),
        sa.Column("description_en", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_yen", sa.BigInteger(), nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.CheckConstraint("amount_yen = quantity * unit_price_yen", name=op.f("ck_invoice_lines_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_invoice_lines_invoice_id_position")),
    )
    op.create_table(
        "journal_entries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("memo", sa.String(length=300), nullable=False),
        sa.Column("invoice_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_journal_entries_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("source", name=op.f("uq_journal_entries_source")),
    )
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.create_index("ix_journal_entries_booked_on", ["booked_on", "id"], unique=False)
        batch_op.create_index("ix_journal_entries_invoice", ["invoice_id", "id"], unique=False)

    op.create_table(
        "monitor_uses",
        sa.Column("id", KEY, nullable=False),
        sa.Column("corporate_number", sa.String(length=13), nullable=False),
        sa.Column("term_id", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["contract_terms.id"], name=op.f("fk_monitor_uses_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_uses")),
        sa.UniqueConstraint("corporate_number", name=op.f("uq_monitor_uses_corporate_number")),
    )
    op.create_table(
        "provider_differences",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(length=160), nullable=False),
        sa.Column("invoice_id", KEY, nullable=True),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", KEY, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_provider_differences_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["people.id"], name=op.f("fk_provider_differences_resolved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_differences")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_provider_differences_kind_reference")),
    )
    with op.batch_alter_table("provider_differences", schema=None) as batch_op:
        batch_op.create_index(
            "ix_provider_differences_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "receivables",
        sa.Column("invoice_id", KEY, autoincrement=False, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("outstanding_yen", sa.BigInteger(), nullable=False),
        sa.Column("excess_yen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "outstanding_yen >= 0 AND outstanding_yen <= total_yen AND excess_yen >= 0",
            name=op.f("ck_receivables_amounts"),
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_receivables_invoice_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_receivables_organisation_id")
        ),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_receivables")),
    )
    with op.batch_alter_table("receivables", schema=None) as batch_op:
        batch_op.create_index("ix_receivables_due", ["state", "due_on", "invoice_id"], unique=False)
        batch_op.create_index("ix_receivables_organisation", ["organisation_id", "state"], unique=False)

    op.create_table(
        "ledger_transfers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("debit", sa.String(40), nullable=False),
        sa.Column("credit", sa.String(40), nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_ledger_transfers_amount")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_transfers_accounts")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entries.id"], name=op.f("fk_ledger_transfers_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transfers")),
    )
    with op.batch_alter_table("ledger_transfers", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_transfers_entry", ["entry_id"], unique=False)

    op.create_table(
        "payments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("provider_reference", sa.String(length=120), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=True),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("payer_name", sa.String(length=120), nullable=False),
        sa.Column("recorded_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["checkout_attempts.id"], name=op.f("fk_payments_attempt_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_payments_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_payments_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint(
            "provider", "provider_reference", name=op.f("uq_payments_provider_provider_reference")
        ),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index("ix_payments_invoice", ["invoice_id", "id"], unique=False)

    op.create_table(
        "allocations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_allocations_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_allocations_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_allocations_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index("ix_allocations_invoice", ["invoice_id", "id"], unique=False)
        batch_op.create_index("ix_allocations_payment", ["payment_id", "id"], unique=False)

    op.create_table(
        "payment_reversals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reversed_by_id", KEY, nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_reversals_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by_id"], ["people.id"], name=op.f("fk_payment_reversals_reversed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_reversals")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_reversals_payment_id")),
    )
    op.create_table(
        "receipts",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("payment_id", KEY, nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_yen", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_sequence", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject_ja", sa.String(length=300), nullable=False),
        sa.Column("subject_en", sa.String(length=300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("issuer", DOCUMENT, nullable=False),
        sa.Column("buyer", DOCUMENT, nullable=False),
        sa.Column("tax_rows", DOCUMENT, nullable=False),
        sa.Column("net_yen", sa.BigInteger(), nullable=False),
        sa.Column("tax_yen", sa.BigInteger(), nullable=False),
        sa.Column("total_yen", sa.BigInteger(), nullable=False),
        sa.Column("purchase_order", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("issued_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_receipts_file_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_receipts_invoice_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_receipts_issued_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_receipts_organisation_id")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_receipts_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("number", "issue", name=op.f("uq_receipts_number_issue")),
        sa.UniqueConstraint(
            "series_year",
            "series_sequence",
            "issue",
            name=op.f("uq_receipts_series_year_series_sequence_issue"),
        ),
    )
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.create_index("ix_receipts_invoice", ["invoice_id", "id"], unique=False)
        batch_op.create_index("ix_receipts_organisation", ["organisation_id", "id"], unique=False)
        batch_op.create_index("ix_receipts_payment", ["payment_id"], unique=False)

    op.create_table(
        "receipt_voids",
        sa.Column("id", KEY, nullable=False),
        sa.Column("receipt_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name=op.f("fk_receipt_voids_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_voids")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_receipt_voids_receipt_id")),
    )
    dialect = op.get_bind().dialect.name
    for table, only_when in FROZEN.items():
        for statement in freeze_statements(dialect, table, only_when=only_when):
            op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(dialect, table):
            op.execute(sa.DDL(statement))
    op.drop_table("receipt_voids")
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.drop_index("ix_receipts_payment")
        batch_op.drop_index("ix_receipts_organisation")
        batch_op.drop_index("ix_receipts_invoice")

    op.drop_table("receipts")
    op.drop_table("payment_reversals")
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.drop_index("ix_allocations_payment")
        batch_op.drop_index("ix_allocations_invoice")

    op.drop_table("allocations")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index("ix_payments_invoice")

    op.drop_table("payments")
    with op.batch_alter_table("ledger_transfers", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_transfers_entry")

    op.drop_table("ledger_transfers")
    with op.batch_alter_table("receivables", schema=None) as batch_op:
        batch_op.drop_index("ix_receivables_organisation")
        batch_op.drop_index("ix_receivables_due")

    op.drop_table("receivables")
    with op.batch_alter_table("provider_differences", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_provider_differences_open",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.drop_table("provider_differences")
    op.drop_table("monitor_uses")
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_entries_invoice")
        batch_op.drop_index("ix_journal_entries_booked_on")

    op.drop_table("journal_entries")
    op.drop_table("invoice_lines")
    with op.batch_alter_table("checkout_attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_checkout_attempts_live",
            sqlite_where=sa.text(
                "state IN ('started', 'checkout_open', 'awaiting_transfer', 'partially_paid')"
            ),
            postgresql_where=sa.text(
                "state IN ('started', 'checkout_open', 'awaiting_transfer', 'partially_paid')"
            ),
        )
        batch_op.drop_index("ix_checkout_attempts_state")
        batch_op.drop_index(batch_op.f("ix_checkout_attempts_invoice_id"))

    op.drop_table("checkout_attempts")
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.drop_index("ix_quotes_organisation")
        batch_op.drop_index("ix_quotes_issued_by")

    op.drop_table("quotes")
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.drop_index("ix_invoices_year")
        batch_op.drop_index("ix_invoices_organisation")

    op.drop_table("invoices")
    with op.batch_alter_table("field_comments", schema=None) as batch_op:
        batch_op.drop_index("ix_field_comments_application")

    op.drop_table("field_comments")
    with op.batch_alter_table("contract_terms", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contract_terms_open",
            sqlite_where=sa.text("cancelled_on IS NULL"),
            postgresql_where=sa.text("cancelled_on IS NULL"),
        )
        batch_op.drop_index("ix_contract_terms_year")

    op.drop_table("contract_terms")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_application_id"))

    op.drop_table("attachments")
    op.drop_table("application_revisions")
    with op.batch_alter_table("application_collaborators", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_collaborators_standing",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_application_collaborators_person_id"))

    op.drop_table("application_collaborators")
    with op.batch_alter_table("acceptances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptances_person_id"))

    op.drop_table("acceptances")
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_sessions_person_id"))

    op.drop_table("user_sessions")
    op.drop_table("totp_secrets")
    with op.batch_alter_table("tax_treatments", schema=None) as batch_op:
        batch_op.drop_index("ix_tax_treatments_product")

    op.drop_table("tax_treatments")
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_files_organisation_id"))

    op.drop_table("stored_files")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_person_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("one_time_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_tokens_person_id"))

    op.drop_table("one_time_tokens")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_person_id"))

    op.drop_table("messages")
    with op.batch_alter_table("issuer_profiles", schema=None) as batch_op:
        batch_op.drop_index("ix_issuer_profiles_valid_from")

    op.drop_table("issuer_profiles")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitations_pending",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(batch_op.f("ix_invitations_organisation_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("hub_institutions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_institutions_organisation_id"))

    op.drop_table("hub_institutions")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_applications_live",
            sqlite_where=sa.text("organisation_id IS NOT NULL AND state NOT IN ('declined', 'withdrawn')"),
            postgresql_where=sa.text(
                "organisation_id IS NOT NULL AND state NOT IN ('declined', 'withdrawn')"
            ),
        )
        batch_op.drop_index("ix_applications_year")
        batch_op.drop_index("ix_applications_queue")
        batch_op.drop_index("ix_applications_person")
        batch_op.drop_index(batch_op.f("ix_applications_organisation_id"))

    op.drop_table("applications")
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_affiliations_representative",
            sqlite_where=sa.text("role = 'representative' AND ended_at IS NULL"),
            postgresql_where=sa.text("role = 'representative' AND ended_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_affiliations_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_affiliations_organisation")

    op.drop_table("affiliations")
    with op.batch_alter_table("webhook_events", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_webhook_events_waiting",
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )

    op.drop_table("webhook_events")
    op.drop_table("tiers")
    op.drop_table("rules_versions")
    op.drop_table("provider_looks")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_name")

    op.drop_table("people")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index("ix_organisations_name")

    op.drop_table("organisations")
    op.drop_table("number_series")
    with op.batch_alter_table("limit_counters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_limit_counters_expires_at"))

    op.drop_table("limit_counters")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_jobs_failed",
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )
        batch_op.drop_index(
            "ix_jobs_due",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.drop_table("jobs")
    op.drop_table("hubs")
    op.drop_table("audit_heads")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_verb")
        batch_op.drop_index("ix_audit_entries_subject")
        batch_op.drop_index("ix_audit_entries_organisation")
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    op.drop_table("application_windows")
