"""The tax of membership fees is decided in one place: what all tiers bear becomes that decision, the tier's own field goes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

USUAL = "standard_10"
DIFFERENT = (
    "The tiers on offer bear different taxes. Give them the same one under Settings, Membership tiers, with the version"
    " that runs now, then upgrade: from here on the tax is decided for all membership fees at once."
)
tiers = sa.table("tiers", sa.column("tax_category"), sa.column("valid_to", sa.Integer))
decided = sa.table(
    "tax_treatments",
    sa.column("id", sa.Integer),
    sa.column("product", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("category", sa.String),
    sa.column("notice_ja", sa.Text),
    sa.column("notice_en", sa.Text),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    year = now.year - (now.month < 4)
    on_offer = sa.or_(tiers.c.valid_to.is_(None), tiers.c.valid_to >= year)
    borne = set(op.get_bind().scalars(sa.select(tiers.c.tax_category).where(on_offer)))
    if len(borne) > 1:
        raise RuntimeError(DIFFERENT)
    category = (borne or {USUAL}).pop()
    if category not in (USUAL, _decision(now)):  # somebody chose it on every tier: what was billed goes on
        op.execute(
            decided.insert().values(
                product="membership", valid_from=now.date(), category=category, notice_ja="", notice_en="",
                created_at=now.astimezone(ZoneInfo("UTC")),
            )
        )  # fmt: skip
    op.drop_column("tiers", "tax_category")


def downgrade() -> None:
    op.add_column("tiers", sa.Column("tax_category", sa.String(40), server_default=USUAL, nullable=False))
    op.execute(tiers.update().values(tax_category=_decision(datetime.now(ZoneInfo("Asia/Tokyo"))) or USUAL))


def _decision(now: datetime) -> str | None:
    of_dues = sa.and_(decided.c.product == "membership", decided.c.valid_from <= now.date())
    found = (
        sa.select(decided.c.category)
        .where(of_dues)
        .order_by(decided.c.valid_from.desc(), decided.c.id.desc())
    )
    category: str | None = op.get_bind().scalar(found.limit(1))
    return category
