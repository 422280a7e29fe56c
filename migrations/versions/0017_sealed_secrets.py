"""The secrets of code generators are sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core.sealing import seal, unseal

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

secrets = sa.table("totp_secrets", sa.column("person_id", sa.BigInteger), sa.column("secret", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("totp_secrets") as batch:
        batch.alter_column(
            "secret", existing_type=sa.String(64), type_=sa.String(255), existing_nullable=False
        )
    _rewrite(seal)


def downgrade() -> None:
    _rewrite(unseal)
    with op.batch_alter_table("totp_secrets") as batch:
        batch.alter_column(
            "secret", existing_type=sa.String(255), type_=sa.String(64), existing_nullable=False
        )


def _rewrite(change) -> None:  # type: ignore[no-untyped-def]
    connection = op.get_bind()
    for person_id, secret in connection.execute(sa.select(secrets.c.person_id, secrets.c.secret)).all():
        row = sa.update(secrets).where(secrets.c.person_id == person_id)
        connection.execute(row.values(secret=change(secret)))
