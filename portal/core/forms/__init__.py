"""Forms check the shape of input only; rules live in services and come back through `refuse`.

Every text field is trimmed, has a length, and refuses control characters, so that no form meets the database with
something that it cannot hold.
"""

from portal.core.forms.base import Form, refuse, refuse_all, tell_apart
from portal.core.forms.checks import (
    clean,
    latin_letters,
    mail_address,
    no_control_characters,
    not_in_future,
    printable,
    single_line,
)
from portal.core.forms.fields import (
    FILL_IN,
    MAX_LINE,
    MAX_PARAGRAPH,
    TICK_ONE,
    calendar_day,
    choice,
    email,
    hidden_number,
    line,
    paragraph,
    password,
    several,
    telephone,
    tick,
    web_address,
    whole_number,
)
from portal.core.forms.times import (
    FIRST_YEAR,
    LAST_YEAR,
    day_and_time,
    fiscal_year_field,
    moment_of,
    time_of_day,
)
from portal.core.forms.types import CheckboxesField, DayField, WholeNumberField, WholeNumberWithin

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "FILL_IN",
    "MAX_LINE",
    "MAX_PARAGRAPH",
    "TICK_ONE",
    "CheckboxesField",
    "DayField",
    "Form",
    "WholeNumberField",
    "WholeNumberWithin",
    "calendar_day",
    "choice",
    "clean",
    "day_and_time",
    "email",
    "fiscal_year_field",
    "hidden_number",
    "latin_letters",
    "line",
    "mail_address",
    "moment_of",
    "no_control_characters",
    "not_in_future",
    "paragraph",
    "password",
    "printable",
    "refuse",
    "refuse_all",
    "several",
    "single_line",
    "telephone",
    "tell_apart",
    "tick",
    "time_of_day",
    "web_address",
    "whole_number",
]
