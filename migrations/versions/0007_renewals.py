"""Renewals: campaigns, each member's renewal, its reminders, its links and what was accepted with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.schema import freeze_statements, keep_statements, thaw_statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
FROZEN = "renewal_acceptances"
TABLES = ("renewal_acceptances", "renewal_links", "renewal_notices", "renewals", "renewal_campaigns")


def upgrade() -> None:
    op.create_table(
        "renewal_campaigns",
        sa.Column("id", KEY, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("offers_on", sa.Date(), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("suspension_days", sa.Integer(), nullable=False),
        sa.Column("ladder", DOCUMENT, nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("offers_on < deadline_on", name=op.f("ck_renewal_campaigns_order")),
        sa.CheckConstraint(
            "grace_days >= 0 AND suspension_days >= 0", name=op.f("ck_renewal_campaigns_days")
        ),
        _refers("renewal_campaigns", "created_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_campaigns")),
        sa.UniqueConstraint("fiscal_year", name=op.f("uq_renewal_campaigns_fiscal_year")),
    )
    op.create_table(
        "renewals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", KEY, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("from_term_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("tier_id", KEY, nullable=True),
        sa.Column("price", DOCUMENT, nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("term_id", KEY, nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("evidence", DOCUMENT, nullable=True),
        sa.Column("facts_told_on", sa.Date(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("answer_way", sa.String(length=40), nullable=True),
        sa.Column("decline_reason", sa.String(length=40), nullable=True),
        sa.Column("decline_note", sa.Text(), nullable=False),
        _refers("renewals", "campaign_id", "renewal_campaigns"),
        _refers("renewals", "organisation_id", "organisations"),
        _refers("renewals", "from_term_id", "contract_terms"),
        _refers("renewals", "tier_id", "tiers"),
        _refers("renewals", "term_id", "contract_terms"),
        _refers("renewals", "answered_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewals")),
        sa.UniqueConstraint(
            "organisation_id", "fiscal_year", name=op.f("uq_renewals_organisation_id_fiscal_year")
        ),
    )
    op.create_index("ix_renewals_board", "renewals", ["campaign_id", "state", "id"], unique=False)
    op.create_index("ix_renewals_next", "renewals", ["next_on", "id"], unique=False)
    op.create_index(op.f("ix_renewals_term_id"), "renewals", ["term_id"], unique=False)
    op.create_table(
        "renewal_notices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("renewal_id", KEY, nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        _refers("renewal_notices", "renewal_id", "renewals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_notices")),
        sa.UniqueConstraint(
            "renewal_id", "deadline_on", "offset_days",
            name=op.f("uq_renewal_notices_renewal_id_deadline_on_offset_days"),
        ),
    )  # fmt: skip
    op.create_index(
        "ix_renewal_notices_due", "renewal_notices", ["state", "due_on", "renewal_id"], unique=False
    )
    op.create_table(
        "renewal_links",
        sa.Column("id", KEY, nullable=False),
        sa.Column("renewal_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _refers("renewal_links", "renewal_id", "renewals"),
        _refers("renewal_links", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_renewal_links_token_hash")),
    )
    op.create_index("ix_renewal_links_renewal", "renewal_links", ["renewal_id", "person_id"], unique=False)
    op.create_table(
        "renewal_acceptances",
        sa.Column("id", KEY, nullable=False),
        sa.Column("renewal_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules_version_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        _refers("renewal_acceptances", "renewal_id", "renewals"),
        _refers("renewal_acceptances", "rules_version_id", "rules_versions"),
        _refers("renewal_acceptances", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_acceptances")),
        sa.UniqueConstraint(
            "renewal_id", "version", "rules_version_id",
            name=op.f("uq_renewal_acceptances_renewal_id_version_rules_version_id"),
        ),
    )  # fmt: skip
    op.create_index(
        op.f("ix_renewal_acceptances_person_id"), "renewal_acceptances", ["person_id"], unique=False
    )
    dialect = op.get_bind().dialect.name
    for statement in [*freeze_statements(dialect, FROZEN), *keep_statements(dialect, FROZEN)]:
        op.execute(statement)


def downgrade() -> None:
    for statement in thaw_statements(op.get_bind().dialect.name, FROZEN):
        op.execute(statement)
    for table in TABLES:
        op.drop_table(table)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
