"""What the office sets for a round: limits of several companies together, and companies that have to wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.matching import CapKind

MOST_PLACES = 9_999
_STANDS = text("lifted_at IS NULL")


class MatchCap(Base):
    """At most `places` students at these companies together. `targets`: each company's share by number (as text)."""

    __tablename__ = "match_caps"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "name"),
        CheckConstraint(f"places BETWEEN 0 AND {MOST_PLACES}", name="places"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    kind: Mapped[CapKind] = mapped_column(State(CapKind))
    name: Mapped[str] = mapped_column(String(100))
    places: Mapped[int]
    targets: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    changed_at: Mapped[datetime]


class HostHold(Base):
    """A company that takes no part in a round's match while something that has to be agreed is missing; lifted, not deleted."""

    __tablename__ = "match_holds"
    __table_args__ = (
        Index(
            "uq_match_holds_standing", "round_id", "organisation_id",
            unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS,
        ),
    )  # fmt: skip

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


explain(
    "uq_match_caps_round_id_kind_name",
    _l("A limit of this name exists in this round already."),
    field="name",
)
explain("uq_match_holds_standing", _l("This company is held back already."), field="organisation_id")
