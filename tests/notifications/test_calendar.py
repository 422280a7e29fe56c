"""Calendar invitations: what other programs read of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from icalendar import Calendar

from portal.core import clock
from portal.gateways.mail import Attachment, OutgoingMail
from portal.notifications.calendar import Appointment, calendar_file

NOON = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)


def appointment(**values: object) -> Appointment:
    given = {
        "key": "consultation-7", "sequence": 0, "is_cancelled": False, "summary": "キャリア相談", "starts_at": NOON,
        "ends_at": NOON + timedelta(minutes=45), "place": "本部棟 3階, 第2会議室; 奥", "link": "",
        "organiser": ("支援室 \"担当\"", "office@example.ac.jp"), "attendee": ("架空 花子", "hanako@example.ac.jp"),
    }  # fmt: skip
    return Appointment(**(given | values))  # type: ignore[arg-type]


def read(made: Appointment) -> tuple[Calendar, object]:
    calendar = Calendar.from_ical(calendar_file(made))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_an_invitation_says_when_where_and_to_whom(app: Flask) -> None:
    with clock.frozen(NOON):
        calendar, event = read(appointment())
    assert str(calendar["METHOD"]) == "REQUEST"
    assert event["DTSTART"].dt == NOON
    assert event["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    assert "COMMENT" not in calendar.walk("VTIMEZONE")[0]
    assert (str(event["UID"]), int(event["SEQUENCE"])) == ("consultation-7@localhost", 0)
    assert str(event["LOCATION"]) == "本部棟 3階, 第2会議室; 奥"
    assert str(event["ATTENDEE"]) == "mailto:hanako@example.ac.jp"
    assert not isinstance(event["ATTENDEE"], list)


def test_a_cancelled_one_keeps_its_name_and_goes_on_counting(app: Flask) -> None:
    calendar, event = read(appointment(is_cancelled=True, sequence=1, link="https://meet.example/x"))
    assert (str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])) == (
        "CANCEL",
        "CANCELLED",
        1,
    )
    assert str(event["URL"]) == "https://meet.example/x"


def test_no_line_can_be_smuggled_in(app: Flask) -> None:
    _calendar, event = read(appointment(summary="a\r\nATTENDEE:mailto:x@evil.example", place="b\nLOCATION:c"))
    assert str(event["ATTENDEE"]) == "mailto:hanako@example.ac.jp"


def test_the_mail_names_the_method_in_its_part(app: Flask) -> None:
    part = Attachment("a.ics", "text/calendar; method=REQUEST; charset=UTF-8", calendar_file(appointment()))
    mail = OutgoingMail("a@example.jp", "b@example.jp", "s", "t", "<p>t</p>", "<1@x>", (part,)).as_message()
    (found,) = mail.iter_attachments()
    assert (found.get_content_type(), found.get_param("method"), found.get_filename()) == (
        "text/calendar",
        "REQUEST",
        "a.ics",
    )
