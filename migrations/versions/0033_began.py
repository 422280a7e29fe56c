"""A placement says on which day it really began; one that has begun began on its agreed day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("placements", sa.Column("started_on", sa.Date(), nullable=True))
    placements = sa.table(
        "placements",
        sa.column("state", sa.String),
        sa.column("starts_on", sa.Date),
        sa.column("last_on", sa.Date),
        sa.column("started_on", sa.Date),
    )
    begun = placements.c.state.in_(["running", "ended", "evaluated", "closed"])
    op.execute(
        sa.update(placements)
        .where(begun | placements.c.last_on.is_not(None))
        .values(started_on=placements.c.starts_on)
    )


def downgrade() -> None:
    op.drop_column("placements", "started_on")
