"""People write their names in Latin letters, and companies that of who evaluates, for papers in English."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

COLUMNS = {"people": "name_en", "placement_evaluations": "interviewer_en"}


def upgrade() -> None:
    for table, column in COLUMNS.items():
        op.add_column(table, sa.Column(column, sa.String(100), server_default="", nullable=False))


def downgrade() -> None:
    for table, column in COLUMNS.items():
        op.drop_column(table, column)
