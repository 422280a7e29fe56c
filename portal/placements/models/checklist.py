"""What has to be done before the start, and its papers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigKey, State, intpk
from portal.domain.placements.checklist import ItemKind
from portal.domain.placements.placement_flow import Side
from portal.files.models import StoredFile


class PlacementItem(Base):
    """One item of a placement's checklist. `reason` is the office's word where it waived it.

    `done_at` is since when it no longer keeps the internship from starting: done, or waived.
    """

    __tablename__ = "placement_items"
    __table_args__ = (UniqueConstraint("placement_id", "kind"),)

    id: Mapped[intpk]
    placement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placements.id"))
    kind: Mapped[ItemKind] = mapped_column(State(ItemKind))
    is_needed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    done_side: Mapped[Side | None] = mapped_column(State(Side))

    @property
    def is_open(self) -> bool:
        """Keeps the internship from starting."""
        return self.is_needed and self.done_at is None


class PlacementPaper(Base):
    """A document of an item; taken back it stays in the trail and is no longer shown."""

    __tablename__ = "placement_papers"

    id: Mapped[intpk]
    item_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placement_items.id"), index=True)
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    side: Mapped[Side] = mapped_column(State(Side))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(lazy="raise")
