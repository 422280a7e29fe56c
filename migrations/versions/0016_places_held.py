"""An index for the places that are held for members who may still renew."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME = "ix_renewals_held"


def upgrade() -> None:
    op.create_index(NAME, "renewals", ["fiscal_year", "state", "deadline_on"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="renewals")
