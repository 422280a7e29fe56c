"""Companies, universities, institutes, and the consortium's own office."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.enums import OrganisationKind
from portal.core.db import Base, State, intpk


class Organisation(Base):
    """One legal or academic body; `corporate_number` (13 digits with check digit) is its identity where it has one."""

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_name", "name_kana", "id"),)

    id: Mapped[intpk]
    kind: Mapped[OrganisationKind] = mapped_column(State(OrganisationKind))
    corporate_number: Mapped[str | None] = mapped_column(String(13), unique=True)
    name_ja: Mapped[str] = mapped_column(String(200))
    name_kana: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    industry: Mapped[str] = mapped_column(String(60), default="")
    founded_on: Mapped[date | None]
    employees: Mapped[int | None]
    capital_yen: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]

    def name(self, language: str) -> str:
        """The name for a reader of `language`; Japanese where there is no English one."""
        return self.name_en if language == "en" and self.name_en else self.name_ja
