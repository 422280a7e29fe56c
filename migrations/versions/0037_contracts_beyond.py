"""A contract remembers that it was made beyond the places of its year: it takes nobody's held place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "contract_terms", sa.Column("beyond_places", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    terms = sa.table("contract_terms", sa.column("id"), sa.column("beyond_places", sa.Boolean()))
    renewals = sa.table(
        "renewals",
        sa.column("term_id"),
        sa.column("beyond_places", sa.Boolean()),
        sa.column("is_agreed", sa.Boolean()),
    )
    let = sa.select(renewals.c.term_id).where(
        renewals.c.beyond_places == sa.true(),
        renewals.c.is_agreed == sa.true(),
        renewals.c.term_id.is_not(None),
    )
    op.execute(sa.update(terms).where(terms.c.id.in_(let)).values(beyond_places=True))


def downgrade() -> None:
    op.drop_column("contract_terms", "beyond_places")
