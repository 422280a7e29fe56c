"""What waits is found along an index: questions, approvals, renewals by their state."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_internship_questions_state", "internship_questions", ["state", "moved_at"]),
    ("ix_internship_approvals_state", "internship_approvals", ["state", "interest_id"]),
    ("ix_renewals_state", "renewals", ["state", "id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
