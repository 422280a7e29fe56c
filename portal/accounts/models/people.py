"""People and what they are to organisations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.enums import Role
from portal.accounts.models.organisations import Organisation
from portal.core.db import Base, BigKey, State, intpk


class Person(Base):
    """A human being with one address. `email_key` is the address in the form that makes twins equal."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_name", "name_kana", "id"),)

    id: Mapped[intpk]
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    name_kana: Mapped[str] = mapped_column(String(100), default="")
    name_en: Mapped[str] = mapped_column(
        String(100), default="", server_default=""
    )  # in Latin letters, as they write it
    telephone: Mapped[str] = mapped_column(String(30), default="")
    language: Mapped[str] = mapped_column(String(5), default="ja")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_password_short: Mapped[bool] = mapped_column(default=False)  # enough beside a second factor only
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    affiliations: Mapped[list[Affiliation]] = relationship(back_populates="person", lazy="raise")


_OPEN = text("ended_at IS NULL")


class Affiliation(Base):
    """A person holds a role for an organisation, from a day on, until it is ended."""

    __tablename__ = "affiliations"
    __table_args__ = (
        Index(
            "uq_affiliations_open", "person_id", "organisation_id", "role",
            unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index(
            "uq_affiliations_representative", "organisation_id", unique=True,
            sqlite_where=text("role = 'representative' AND ended_at IS NULL"),
            postgresql_where=text("role = 'representative' AND ended_at IS NULL"),
        ),
        Index("ix_affiliations_organisation", "organisation_id", "person_id"),
        Index(
            "ix_affiliations_present", "organisation_id", "person_id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )  # fmt: skip

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    role: Mapped[Role] = mapped_column(State(Role))
    department: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(100), default="")
    starts_on: Mapped[date]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="affiliations", lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
