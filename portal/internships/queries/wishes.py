"""What a student looks for, as conditions on postings that students may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, bindparam, cast, or_

from portal.core.sql import days_between
from portal.core.wildcards import containing
from portal.internships.enums import DataAgreement, PayUnit, RemoteWork, WorkingLanguage
from portal.internships.models import InternshipPosting

_SOME_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a student looks for; empty values do not filter.

    From `free_from` to `free_until`, both included, the student can come; the stay has to fit in. `most_weeks` bounds its
    length, `least_yen` the amount for a `pay_unit`. `data`: an agreement on data that is needed, or `none` for no agreement at all.
    """

    area: str = ""
    prefecture: str = ""
    remote: RemoteWork | None = None
    language: WorkingLanguage | None = None
    hub_id: int | None = None
    free_from: date | None = None
    free_until: date | None = None
    most_weeks: int | None = None
    is_paid: bool = False
    pay_unit: PayUnit | None = None
    least_yen: int | None = None
    data: DataAgreement | None = None
    is_without_data: bool = False
    text: str = ""

    def shape(self) -> Wish:
        """The wish without what is typed: that is bound, so that statements are made once a filter."""
        return replace(
            self, free_from=self.free_from and _SOME_DAY, free_until=self.free_until and _SOME_DAY,
            most_weeks=self.most_weeks and 1, least_yen=self.least_yen and 1, text="?" if self.text else "",
        )  # fmt: skip

    def typed(self) -> dict[str, Any]:
        """What is bound."""
        found: dict[str, Any] = {
            name: value
            for name in ("free_from", "free_until", "most_weeks", "least_yen")
            if (value := getattr(self, name))
        }
        if self.free_from and self.free_until:
            found["span"] = (self.free_until - self.free_from).days + 1
        if self.text:
            found["like"] = containing(self.text)
        return found


def conditions(wish: Wish) -> list[ColumnElement[bool]]:
    """What a posting has to be; `wish.typed()` gives what is bound."""
    return [*_of_place(wish), *_of_time(wish), *_of_pay(wish), *_of_data(wish), *_of_words(wish)]


def _of_place(wish: Wish) -> list[ColumnElement[bool]]:
    postings = InternshipPosting.__table__.c
    found: list[ColumnElement[bool]] = []
    for column in ("area", "prefecture", "remote", "hub_id"):
        if value := getattr(wish, column):
            found.append(postings[column] == value)
    if wish.language is not None:
        found.append(postings.language.in_([wish.language, WorkingLanguage.EITHER]))
    return found


def _of_time(wish: Wish) -> list[ColumnElement[bool]]:
    """As `domain.internships.periods.stay_fits`: the posting's own days hold its stay already."""
    postings = InternshipPosting.__table__.c
    stay, found = postings.weeks * 7, []
    if wish.free_from:
        found.append(days_between(bindparam("free_from", type_=Date), postings.ends_by) + 1 >= stay)
    if wish.free_until:
        found.append(days_between(postings.starts_from, bindparam("free_until", type_=Date)) + 1 >= stay)
    if wish.free_from and wish.free_until:
        found.append(stay <= bindparam("span", type_=Integer))
    if wish.most_weeks:
        found.append(postings.weeks <= bindparam("most_weeks", type_=Integer))
    return found


def _of_pay(wish: Wish) -> list[ColumnElement[bool]]:
    postings = InternshipPosting.__table__.c
    found = [postings.pay_unit != PayUnit.UNPAID] if wish.is_paid else []
    if wish.pay_unit is not None:
        found.append(postings.pay_unit == wish.pay_unit)
    if wish.least_yen:
        found.append(postings.pay_yen >= bindparam("least_yen", type_=Integer))
    return found


def _of_data(wish: Wish) -> list[ColumnElement[bool]]:
    needed = cast(InternshipPosting.__table__.c.data_agreements, String)
    found: list[ColumnElement[bool]] = [needed == "[]"] if wish.is_without_data else []
    return found if wish.data is None else [*found, needed.like(f'%"{wish.data.value}"%')]


def _of_words(wish: Wish) -> list[ColumnElement[bool]]:
    postings = InternshipPosting.__table__.c
    names = (postings.title, postings.title_en, postings.duties, postings.skills)
    like: Any = bindparam("like")
    return [or_(*(name.ilike(like, escape="\\") for name in names))] if wish.text else []
