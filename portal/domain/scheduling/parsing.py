"""The exchange format `renkei-season/1` read whole, or refused whole with every fault at its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.domain.exchange.faults import FaultCode, Faults, at
from portal.domain.exchange.json_reading import read_json
from portal.domain.exchange.shapes import Reader
from portal.domain.scheduling.faults import SeasonFault
from portal.domain.scheduling.season import LONGEST_GAP, Answer, Group, Meeting, Person, Season, hour_of

FORMAT = "renkei-season/1"
PLAN_FORMAT = "renkei-season-plan/1"
NEEDED = ("format", "season", "day_slots", "duration_minutes", "people", "groups")
OPTIONAL = ("closed_days", "rooms", "max_per_day", "polls", "fixed", "seed")
MOST_DAYS = 800
DAY = 24 * 60  # minutes
MOST_MEETINGS = 1_000
MOST_ENTRIES = 1_000_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _HOUR = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{2}:\d{2}")


def parse_season(content: bytes, is_working_day: Callable[[date], bool]) -> Season:
    """Read a file. Raises MalformedFileError with every fault."""
    faults = Faults()
    value = read_json(content, faults)
    faults.refuse()
    return read_season(value, is_working_day)


def read_season(value: Any, is_working_day: Callable[[date], bool]) -> Season:
    """Read what a JSON reader gave. Raises MalformedFileError."""
    reader = _SeasonReader(Faults())
    made = reader.season(value, is_working_day)
    reader.faults.refuse()
    return made


def parse_plan(content: bytes, season: Season) -> dict[Meeting, datetime]:
    """Where a plan puts the season's meetings. Raises MalformedFileError."""
    faults = Faults()
    value = read_json(content, faults)
    faults.refuse()
    reader = _SeasonReader(faults)
    root = value if isinstance(value, dict) else {}
    if root.get("format") != PLAN_FORMAT:
        faults.add("$.format", FaultCode.WRONG_FORMAT, PLAN_FORMAT)
    reader.groups = dict(season.groups)
    found = reader.placed(
        root.get("placements", []), "$.placements", ("group", "meeting", "slot"), is_open=True
    )
    faults.refuse()
    return found


class _SeasonReader(Reader):
    """What is wrong comes back as something harmless, so that reading goes on. `stood` says at which index a meeting stood."""

    groups: dict[str, Group]

    def __init__(self, faults: Faults) -> None:
        super().__init__(faults)
        self.stood: dict[Meeting, int] = {}

    def season(self, value: Any, is_working_day: Callable[[date], bool]) -> Season:
        root = self.fields(value, "$", NEEDED, OPTIONAL)
        if "format" in root and root["format"] != FORMAT:
            self.faults.add("$.format", FaultCode.WRONG_FORMAT, FORMAT)
        first, last = self._span(root.get("season", {}))
        hours = self._hours(root.get("day_slots", []))
        people = {
            name: self._person(item, at("$.people", name))
            for name, item in self.named(root.get("people", {}), "$.people").items()
        }
        self.groups = {
            name: self._group(item, at("$.groups", name), people)
            for name, item in self.named(root.get("groups", {}), "$.groups").items()
        }
        made = Season(
            first=first, last=last, hours=hours, duration=self._duration(root), people=people, groups=self.groups,
            is_working_day=is_working_day, closed=frozenset(self._days(root.get("closed_days", []), "$.closed_days")),
            rooms=self._limit(root, "rooms"), most_a_day=self._limit(root, "max_per_day"),
            polls=self._polls(root.get("polls", []), people), fixed=self._fixed(root.get("fixed", []), first, last, hours),
            seed=self.count(root["seed"], "$.seed") if "seed" in root else 1,
        )  # fmt: skip
        return made

    def placed(
        self, value: Any, path: str, needed: tuple[str, ...], *, is_open: bool = False
    ) -> dict[Meeting, datetime]:
        """Meetings with their slots; `is_open`: entries may have more members."""
        found: dict[Meeting, datetime] = {}
        for index, item in enumerate(self.items(value, path, MOST_ENTRIES)):
            here = at(path, index)
            more = tuple(item) if is_open and isinstance(item, dict) else ()
            entry = self.fields(item, here, needed, more)
            meeting, slot = self._meeting(entry, here), self._slot(entry.get("slot"), at(here, "slot"))
            if meeting in found:
                self.faults.add(here, SeasonFault.FIXED_TWICE)
            elif meeting and slot:
                found[meeting], self.stood[meeting] = slot, index
        return found

    def _span(self, value: Any) -> tuple[date, date]:
        found = self.fields(value, "$.season", ("from", "to"), ())
        first = self._day(found.get("from", ""), "$.season.from") if "from" in found else None
        last = self._day(found.get("to", ""), "$.season.to") if "to" in found else None
        if first is None or last is None:
            return date(2000, 1, 1), date(2000, 1, 1)
        if last < first:
            self.faults.add("$.season.to", SeasonFault.ENDS_BEFORE_START)
        elif (last - first).days >= MOST_DAYS:
            self.faults.add("$.season.to", SeasonFault.TOO_LONG, MOST_DAYS)
        else:
            return first, last
        return first, first

    def _hours(self, value: Any) -> tuple[time, ...]:
        path = "$.day_slots"
        found = [self._hour(item, at(path, index)) for index, item in enumerate(self.items(value, path, 96))]
        for index, hour in enumerate(found):
            if hour is not None and hour in found[:index]:
                self.faults.add(path, FaultCode.LISTED_TWICE, index=index)
        if not found:
            self.faults.add(path, SeasonFault.NONE)
        return tuple(sorted({hour for hour in found if hour is not None}))

    def _duration(self, root: dict[str, Any]) -> timedelta:
        path, said = "$.duration_minutes", root.get("duration_minutes", 1)
        minutes = self.count(said, path)
        if said == 0:
            self.faults.add(path, SeasonFault.NONE)
        elif minutes > DAY:
            self.faults.add(path, FaultCode.TOO_GREAT, DAY)
        return timedelta(minutes=min(minutes, DAY) or 1)

    def _limit(self, root: dict[str, Any], key: str) -> int | None:
        return self.count(root[key], f"$.{key}") if key in root else None

    def _person(self, value: Any, path: str) -> Person:
        found = self.fields(value, path, (), ("busy", "weekly_busy"))
        busy = weekly = None
        if "busy" in found:
            items = enumerate(self.items(found["busy"], at(path, "busy"), MOST_ENTRIES))
            slots = [self._slot(item, at(at(path, "busy"), index)) for index, item in items]
            busy = frozenset(slot for slot in slots if slot is not None)
        if "weekly_busy" in found:
            items = enumerate(self.items(found["weekly_busy"], at(path, "weekly_busy"), 7 * 96))
            each = [self._weekly(item, at(at(path, "weekly_busy"), index)) for index, item in items]
            weekly = frozenset(entry for entry in each if entry is not None)
        return Person(busy, weekly)

    def _group(self, value: Any, path: str, people: Mapping[str, Person]) -> Group:
        found = self.fields(value, path, ("meetings", "members"), ("gap_days", "must_attend"))
        count = self.count(found.get("meetings", 0), at(path, "meetings"))
        if count > MOST_MEETINGS:
            self.faults.add(at(path, "meetings"), FaultCode.TOO_GREAT, MOST_MEETINGS)
            count = 0
        unknown = SeasonFault.UNKNOWN_PERSON
        members = self.ids(found.get("members", []), at(path, "members"), people, unknown, set())
        must = self.ids(found.get("must_attend", []), at(path, "must_attend"), people, unknown, set())
        return Group(
            count, tuple(dict.fromkeys((*members, *must))), must, self._gap(found, at(path, "gap_days"))
        )

    def _gap(self, found: dict[str, Any], path: str) -> tuple[int, int]:
        if "gap_days" not in found:
            return 1, LONGEST_GAP
        items = self.items(found["gap_days"], path, 2)
        if len(items) != 2:
            self.faults.add(path, FaultCode.WRONG_TYPE, "fewest and most days")
            return 1, LONGEST_GAP
        least, most = (self.count(item, at(path, index)) for index, item in enumerate(items))
        if most < least:
            self.faults.add(path, SeasonFault.GAP_BACKWARDS)
        return max(least, 1), max(most, least, 1)

    def _polls(
        self, value: Any, people: Mapping[str, Person]
    ) -> dict[Meeting, dict[str, dict[datetime, Answer]]]:
        found: dict[Meeting, dict[str, dict[datetime, Answer]]] = {}
        for index, item in enumerate(self.items(value, "$.polls", MOST_ENTRIES)):
            path = at("$.polls", index)
            entry = self.fields(item, path, ("group", "meeting", "answers"), ())
            meeting, answers = (
                self._meeting(entry, path),
                self._answers(entry.get("answers", {}), at(path, "answers"), people),
            )
            if meeting in found:
                self.faults.add(path, FaultCode.LISTED_TWICE)
            elif meeting:
                found[meeting] = answers
        return found

    def _answers(
        self, value: Any, path: str, people: Mapping[str, Person]
    ) -> dict[str, dict[datetime, Answer]]:
        found: dict[str, dict[datetime, Answer]] = {}
        for person, said in self.named(value, path).items():
            here = at(path, person)
            if person not in people:
                self.faults.add(here, SeasonFault.UNKNOWN_PERSON, person)
                continue
            found[person] = {}
            for text, answer in (said if isinstance(said, dict) else {}).items():
                slot = self._slot(text, at(here, str(text)))
                if answer not in set(Answer):
                    self.faults.add(at(here, str(text)), SeasonFault.UNKNOWN_ANSWER, ", ".join(Answer))
                elif slot:
                    found[person][slot] = Answer(answer)
            if not isinstance(said, dict):
                self.faults.add(here, FaultCode.WRONG_TYPE, "object")
        return found

    def _fixed(self, value: Any, first: date, last: date, hours: tuple[time, ...]) -> dict[Meeting, datetime]:
        found = self.placed(value, "$.fixed", ("group", "meeting", "slot"))
        for meeting, slot in found.items():
            path = at(at("$.fixed", self.stood[meeting]), "slot")
            if not first <= slot.date() <= last:
                self.faults.add(path, SeasonFault.OUTSIDE)
            elif hour_of(slot) not in hours:
                self.faults.add(path, SeasonFault.NOT_A_SLOT, ", ".join(f"{hour:%H:%M}" for hour in hours))
            before = [m for m in found if m.group == meeting.group and m.number < meeting.number]
            if any(found[earlier].date() >= slot.date() for earlier in before):
                self.faults.add(path, SeasonFault.OUT_OF_ORDER, max(m.number for m in before))
        return found

    def _meeting(self, entry: dict[str, Any], path: str) -> Meeting | None:
        if "group" not in entry or "meeting" not in entry:
            return None
        name = self.known(entry["group"], at(path, "group"), self.groups, SeasonFault.UNKNOWN_GROUP)
        number = self.count(entry["meeting"], at(path, "meeting"))
        if not name:
            return None
        if not 1 <= number <= self.groups[name].meetings:
            self.faults.add(at(path, "meeting"), SeasonFault.NO_SUCH_MEETING, self.groups[name].meetings)
            return None
        return Meeting(name, number)

    def _days(self, value: Any, path: str) -> list[date]:
        found = [
            self._day(item, at(path, index))
            for index, item in enumerate(self.items(value, path, 4 * MOST_DAYS))
        ]
        return [day for day in found if day is not None]

    def _day(self, value: Any, path: str) -> date | None:
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.faults.add(path, SeasonFault.BAD_DAY)
        return None

    def _hour(self, value: Any, path: str) -> time | None:
        if isinstance(value, str) and _HOUR.fullmatch(value):
            try:
                return time.fromisoformat(value)
            except ValueError:
                pass
        self.faults.add(path, SeasonFault.BAD_TIME)
        return None

    def _slot(self, value: Any, path: str) -> datetime | None:
        day, _t, hour = value.partition("T") if isinstance(value, str) else ("", "", "")
        if _DAY.fullmatch(day) and _HOUR.fullmatch(hour):
            try:
                return datetime.fromisoformat(f"{day}T{hour}")
            except ValueError:
                pass
        self.faults.add(path, SeasonFault.BAD_SLOT, "YYYY-MM-DDTHH:MM")
        return None

    def _weekly(self, value: Any, path: str) -> tuple[int, time] | None:
        weekday, _blank, hour = value.partition(" ") if isinstance(value, str) else ("", "", "")
        if weekday in WEEKDAYS and _HOUR.fullmatch(hour):
            try:
                return WEEKDAYS.index(weekday), time.fromisoformat(hour)
            except ValueError:
                pass
        self.faults.add(path, SeasonFault.BAD_WEEKLY, "mon 18:00")
        return None
