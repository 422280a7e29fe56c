"""Read tiers, windows, rules, and the places that are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Select, String, bindparam, func, or_, select, type_coerce

from portal.core import clock
from portal.core.db import ask, db, written
from portal.core.errors import NotFound
from portal.domain.renewal_flow import RenewalState
from portal.domain.terms import FiscalYear
from portal.membership.enums import OPEN_STATES, RulesKind, WindowState
from portal.membership.models import Application, ApplicationWindow, ContractTerm, Renewal, RulesVersion, Tier


@dataclass(frozen=True, slots=True)
class Places:
    """Room in a fiscal year. `held`: members of the year before whose renewal is open and in time, they go first.

    `left` counts terms, held places and applications that are under way; never below nought. `beyond`: those of the terms that
    the office let go beyond the places; they take none that is held.
    """

    places: int
    terms: int
    applications: int
    held: int = 0
    beyond: int = 0

    @property
    def left(self) -> int:
        return max(0, self.places - self.terms - self.held - self.applications)

    @property
    def is_full(self) -> bool:
        """Every place has a contract or is held for a member."""
        return self.terms + self.held >= self.places

    def has_room(self, *, is_held: bool) -> bool:
        """Whether one more contract fits; `is_held`: for one of those for whom a place is held."""
        return self.terms - self.beyond < self.places if is_held else not self.is_full

    def are_others(self, *, is_held: bool) -> bool:
        """Whether every place has a contract or is held for another; `is_held`: one is held for who asks."""
        return self.terms + self.held - is_held >= self.places


def tiers_for(fiscal_year: int) -> Sequence[Tier]:
    """Tiers on offer in a fiscal year, in the order of the table."""
    return db.session.scalars(_TIERS, {"year": fiscal_year}).all()


_year = bindparam("year", type_=Integer)
_TIERS = (
    select(Tier)
    .where(Tier.valid_from <= _year, or_(Tier.valid_to.is_(None), Tier.valid_to >= _year))
    .order_by(Tier.sort_order, Tier.code)
)


def tier_names(fiscal_year: int, language: str) -> Sequence[tuple[str, str]]:
    """Code and name of the tiers of a fiscal year, in the order of the table."""
    rows = db.session.connection().execute(_tier_names(language), {"year": fiscal_year})
    return [(code, name) for code, name in rows.all()]


@cache
def _tier_names(language: str) -> Select[Any]:
    tiers = Tier.__table__.c
    name = tiers.name_en if language == "en" else tiers.name_ja
    valid = (tiers.valid_from <= _year, or_(tiers.valid_to.is_(None), tiers.valid_to >= _year))
    return select(tiers.code, name).where(*valid).order_by(tiers.sort_order, tiers.code)


def tier_for(code: str, fiscal_year: int) -> Tier | None:
    """The version of a tier that is valid in a fiscal year."""
    return next((tier for tier in tiers_for(fiscal_year) if tier.code == code), None)


def all_tiers() -> Sequence[Tier]:
    """Every version of every tier, for the administrator."""
    return db.session.scalars(select(Tier).order_by(Tier.sort_order, Tier.code, Tier.valid_from)).all()


def window_of(fiscal_year: int) -> ApplicationWindow | None:
    """The dates of a fiscal year."""
    return db.session.scalars(
        select(ApplicationWindow).where(ApplicationWindow.fiscal_year == fiscal_year)
    ).one_or_none()


def windows() -> Sequence[ApplicationWindow]:
    """All dates, newest first."""
    return db.session.scalars(_WINDOWS).all()


_WINDOWS = select(ApplicationWindow).order_by(ApplicationWindow.fiscal_year.desc())


def open_windows() -> list[ApplicationWindow]:
    """Windows that take applications now, the nearest fiscal year first."""
    now = clock.now()
    found = [window for window in windows() if window.state_at(now) is WindowState.OPEN]
    return sorted(found, key=lambda window: window.fiscal_year)


def window_state(window: ApplicationWindow | None) -> WindowState:
    """The state of a window now; NOT_PLANNED where there is none."""
    return WindowState.NOT_PLANNED if window is None else window.state_at(clock.now())


def places_in(window: ApplicationWindow) -> Places:
    """Places of a fiscal year, counted anew: terms that were not cancelled, applications sent in and undecided, and
    places held for members who may still renew."""
    return Places(window.places, *ask(_TAKEN, year=window.fiscal_year, today=clock.today())[0])


def contracts_beyond(fiscal_year: int) -> int:
    """How many of the contracts that stand were made beyond the places."""
    its = (ContractTerm.fiscal_year == fiscal_year, ContractTerm.cancelled_on.is_(None))
    return db.session.scalar(select(func.count()).where(*its, ContractTerm.beyond_places.is_(True))) or 0


def taken_places(fiscal_year: Any, today: Any) -> tuple[Any, Any, Any]:
    """Contracts that stand, applications under way and held places of a fiscal year, as columns of a statement."""
    terms, sent = ContractTerm.__table__.c, Application.__table__.c
    under_way = type_coerce(sent.state, String).in_(written(*OPEN_STATES))
    return (
        select(func.count())
        .where(terms.fiscal_year == fiscal_year, terms.cancelled_on.is_(None))
        .scalar_subquery(),
        select(func.count()).where(sent.fiscal_year == fiscal_year, under_way).scalar_subquery(),
        select(func.count()).where(*holds_place(fiscal_year, today)).scalar_subquery(),
    )


def holds_place(fiscal_year: Any, today: Any = None) -> tuple[Any, ...]:
    """Renewals for a fiscal year (a number or a column) that hold a place: not answered, and in time on the day `today`."""
    return (
        Renewal.fiscal_year == fiscal_year,
        Renewal.state.in_((RenewalState.DUE, RenewalState.OFFERED)),
        Renewal.deadline_on >= (clock.today() if today is None else today),
    )


_TAKEN = select(*taken_places(_year, bindparam("today", type_=Date)))


def has_held_place(organisation_id: int, fiscal_year: int) -> bool:
    """Whether a place is held for this member."""
    mine = select(Renewal.id).where(Renewal.organisation_id == organisation_id, *holds_place(fiscal_year))
    return db.session.scalar(mine.limit(1)) is not None


def this_year() -> int:
    """The fiscal year of today."""
    return FiscalYear.of(clock.today()).year


def current_rules(on: date | None = None) -> dict[RulesKind, RulesVersion]:
    """The wording in force of each kind: the latest that is effective."""
    day = on or clock.today()
    found = select(RulesVersion).where(RulesVersion.effective_on <= day)
    ordered = db.session.scalars(found.order_by(RulesVersion.effective_on, RulesVersion.id))
    return {version.kind: version for version in ordered}


def rules_version(version_id: int) -> RulesVersion:
    """One wording; raises NotFound."""
    found = db.session.get(RulesVersion, version_id)
    if found is None:
        raise NotFound
    return found
