"""Tables of hubs."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigKey, State, intpk
from portal.hubs.enums import InstitutionRole


class Hub(Base):
    """One hub of one programme; `code` is the key of the reference facts."""

    __tablename__ = "hubs"

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_ja: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    aim_ja: Mapped[str] = mapped_column(String(200), default="")
    aim_en: Mapped[str] = mapped_column(String(200), default="")
    fiscal_year_from: Mapped[int]
    fiscal_year_to: Mapped[int | None]

    institutions: Mapped[list[HubInstitution]] = relationship(
        back_populates="hub", order_by="HubInstitution.position", lazy="raise"
    )

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_ja

    def aim(self, language: str) -> str:
        return self.aim_en if language == "en" else self.aim_ja


class HubInstitution(Base):
    """An institution's part in a hub; `number` counts institutions that the source does not name."""

    __tablename__ = "hub_institutions"
    __table_args__ = (UniqueConstraint("hub_id", "name_ja"),)

    id: Mapped[intpk]
    hub_id: Mapped[int] = mapped_column(BigKey, ForeignKey("hubs.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    role: Mapped[InstitutionRole] = mapped_column(State(InstitutionRole))
    name_ja: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    number: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]

    hub: Mapped[Hub] = relationship(back_populates="institutions", lazy="raise")

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_ja
