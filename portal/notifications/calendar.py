"""Calendar invitations that go with a mail: one event, one reader (RFC 5545, 5546).

One UID stands for one appointment for ever; SEQUENCE grows with each change of time, place or state. Times stand in Japan's
zone with its VTIMEZONE.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.clock import OFFICE_ZONE
from portal.core.context import current_settings
from portal.core.db import db
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

PRODUCT = "-//Renkei//Renkei//JA"


@dataclass(frozen=True, slots=True)
class Appointment:
    """What one reader is invited to. `key` names the appointment within the portal (`consultation-12`)."""

    key: str
    sequence: int
    is_cancelled: bool
    summary: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    organiser: tuple[str, str]  # name and address
    attendee: tuple[str, str]


def calendar_file(appointment: Appointment) -> bytes:
    """The invitation or its cancelling as iCalendar text in UTF-8."""
    from icalendar import Calendar  # loaded where it is needed: it costs every worker memory

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "CANCEL" if appointment.is_cancelled else "REQUEST")
    calendar.add_component(_event(appointment))
    calendar.add_missing_timezones()
    for zone in calendar.timezones:
        zone.pop("COMMENT", None)  # which libical refuses
    return bytes(calendar.to_ical())


def _event(appointment: Appointment) -> Event:
    from icalendar import Event

    event = Event()
    event.add("UID", f"{appointment.key}@{current_settings().host}")
    event.add("SEQUENCE", appointment.sequence)
    event.add("DTSTAMP", clock.now())
    event.add("DTSTART", appointment.starts_at.astimezone(OFFICE_ZONE))
    event.add("DTEND", appointment.ends_at.astimezone(OFFICE_ZONE))
    event.add("SUMMARY", appointment.summary)
    event.add("STATUS", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    if appointment.place or appointment.link:
        event.add("LOCATION", appointment.place or appointment.link)
    if appointment.link:
        event.add("URL", appointment.link)
    event.add("ORGANIZER", _person(*appointment.organiser), encode=False)
    event.add(
        "ATTENDEE",
        _person(*appointment.attendee, PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT"),
        encode=False,
    )
    return event


def _person(name: str, address: str, **parameters: str) -> vCalAddress:
    from icalendar import vCalAddress, vText

    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name.replace('"', "'"))
    for key, value in parameters.items():
        person.params[key] = vText(value)
    return person


def keep_calendar(appointment: Appointment) -> StoredFile:
    """The invitation as a file that a mail can carry."""
    content = calendar_file(appointment)
    method = "CANCEL" if appointment.is_cancelled else "REQUEST"
    kept = StoredFile(
        name=f"{appointment.key}.ics", media_type=f"text/calendar; method={method}; charset=UTF-8", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), confidentiality=Confidentiality.RESTRICTED, created_at=clock.now(),
        content=content,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    return kept
