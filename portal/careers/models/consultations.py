"""Talks with the career-support office: the times that it offers, and who took one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigKey, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain

_STANDING = text("cancelled_at IS NULL")


class ConsultationSlot(Base):
    """A time that one officer offers, at a place or by an online link (either or both). No two of one officer overlap."""

    __tablename__ = "consultation_slots"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_consultation_slots_officer", "officer_id", "starts_at"),
        Index(
            "ix_consultation_slots_standing", "starts_at", "id", sqlite_where=_STANDING, postgresql_where=_STANDING
        ),
    )  # fmt: skip

    id: Mapped[intpk]
    officer_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Consultation(Base):
    """A student takes a slot. One at a time holds it; who cancels gives it back, and the row stays."""

    __tablename__ = "consultations"
    __table_args__ = (
        Index(
            "uq_consultations_slot",
            "slot_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_consultations_student", "student_id", "id"),
    )

    id: Mapped[intpk]
    slot_id: Mapped[int] = mapped_column(BigKey, ForeignKey("consultation_slots.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    booked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))

    slot: Mapped[ConsultationSlot] = relationship(lazy="raise")


explain("uq_consultations_slot", _l("Somebody has just taken this time. Please choose another one."))
