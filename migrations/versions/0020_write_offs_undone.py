"""A write-off can be undone; claims say how much of what they ask for no more was written off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core.schema import freeze_statements, keep_statements, thaw_statements, twin_statements

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "write_off_reversals"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", KEY, nullable=False),
        sa.Column("write_off_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=False),
        sa.Column("reversed_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reversed_by_id"], ["people.id"], name=op.f("fk_write_off_reversals_reversed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["write_off_id"], ["write_offs.id"], name=op.f("fk_write_off_reversals_write_off_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_off_reversals")),
        sa.UniqueConstraint("write_off_id", name=op.f("uq_write_off_reversals_write_off_id")),
    )
    dialect = op.get_bind().dialect.name
    for statement in (
        *freeze_statements(dialect, TABLE),
        *keep_statements(dialect, TABLE),
        *twin_statements(dialect, TABLE, ("write_off_id",)),
    ):
        op.execute(statement)
    op.add_column(
        "receivables", sa.Column("written_off_yen", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.execute(
        "UPDATE receivables SET written_off_yen = (SELECT sum(amount_yen) FROM write_offs"
        " WHERE write_offs.invoice_id = receivables.invoice_id)"
        " WHERE invoice_id IN (SELECT invoice_id FROM write_offs)"
    )


def downgrade() -> None:
    op.drop_column("receivables", "written_off_yen")
    for statement in thaw_statements(op.get_bind().dialect.name, TABLE):
        op.execute(statement)
    op.drop_table(TABLE)
