"""Whose contract of the year has ended may apply for it again: only an application under way keeps another one away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "uq_applications_live", "applications", ["organisation_id", "fiscal_year"]
BEFORE = "organisation_id IS NOT NULL AND state NOT IN ('declined', 'withdrawn')"
SINCE = "organisation_id IS NOT NULL AND state NOT IN ('approved', 'declined', 'withdrawn')"


def upgrade() -> None:
    _count_only(SINCE)


def downgrade() -> None:
    _count_only(BEFORE)


def _count_only(which: str) -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME, TABLE, COLUMNS, unique=True, sqlite_where=sa.text(which), postgresql_where=sa.text(which)
    )
