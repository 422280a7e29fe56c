"""The issuer's bank and department in Latin letters; a purchase order number that may come after the application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED = (
    ("issuer_profiles", "department_en", 100),
    ("issuer_profiles", "bank_name_en", 60),
    ("issuer_profiles", "branch_name_en", 60),
    ("issuer_profiles", "account_holder_en", 100),
    ("applications", "purchase_order", 60),
)


def upgrade() -> None:
    # added in place: a table made anew would lose its triggers
    for table, name, length in ADDED:
        op.add_column(table, sa.Column(name, sa.String(length), server_default="", nullable=False))


def downgrade() -> None:
    for table, name, _length in reversed(ADDED):
        op.drop_column(table, name)
