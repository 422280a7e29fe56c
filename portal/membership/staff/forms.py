"""The shape of what the office types while it reviews an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from portal.core import clock
from portal.core.formats import day
from portal.core.forms import Form, calendar_day, choice, line, paragraph, tick, whole_number
from portal.core.i18n import _l
from portal.membership.checklist import CheckItem
from portal.membership.enums import Decision
from portal.membership.pages import MOST_LEARNERS
from portal.membership.staff.answers import Answer

MOST_SEATS = 200
_REMARK = "remark__"


class ReviewForm(Form):
    """`seen` is the state that the page showed."""

    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        return {n: v for n, v in super().values().items() if n != "seen"}

    def said(self) -> list[tuple[str, str]]:
        """What was filled in, as pairs of label and words; ticks are left out."""
        found = []
        for name, field in self._fields.items():
            if name in ("csrf_token", "once", "seen") or field.data in (None, "", False, True):
                continue
            labels = {c.value: c.label for c in getattr(field, "choices", None) or ()}
            words = day(field.data) if isinstance(field.data, date) else labels.get(field.data, field.data)
            found.append((str(field.label.text), str(words)))
        return found


class CheckForm(ReviewForm):
    """The checklist (its fields are added below), and what was agreed about seats."""

    agreed_seats = whole_number(
        _l("Training seats agreed"),
        most=MOST_SEATS,
        required=False,
        hint=_l("What the secretariat and the company have agreed. It replaces the seats of the tier."),
    )
    note = paragraph(
        _l("Note for the office"),
        most=1000,
        required=False,
        hint=_l(
            "What the committee should know: terms that were agreed, points that were clarified. The company does not see it."
        ),
    )

    def ticked(self) -> dict[str, bool]:
        """Each point of the checklist with its tick."""
        return {item.value: bool(self._fields[item.value].data) for item in CheckItem}

    @property
    def points(self) -> list[Any]:
        """The fields of the checklist, in order."""
        return [self._fields[item.value] for item in CheckItem]


for _item in CheckItem:
    setattr(
        CheckForm,
        _item.value,
        tick(
            _item.label,
            must=True,
            must_message=_l("Tick this point, or return the application for correction."),
        ),
    )


def check_form(*, is_by_arrangement: bool, learners: int) -> CheckForm:
    """The form for one application; seats are asked for only where they go by arrangement."""
    form = CheckForm(agreed_seats=min(learners, MOST_LEARNERS) or None)
    if not is_by_arrangement:
        del form.agreed_seats
    return form


class ReturnForm(ReviewForm):
    """Remarks at fields (added by `return_form`), and one for the whole."""

    note = paragraph(
        _l("Remark on the whole"), most=2000, required=False, hint=_l("The company reads this first.")
    )

    def comments(self) -> dict[str, str]:
        """What was written, by `page.field`."""
        return {
            name.removeprefix(_REMARK).replace("__", ".", 1): field.data
            for name, field in self._fields.items()
            if name.startswith(_REMARK) and field.data
        }

    def remark_on(self, path: str) -> Any:
        """The field for a remark on an answer."""
        return self._fields[_name_of(path)]


def return_form(answers: Sequence[Answer]) -> ReturnForm:
    """A form with a remark for each answer."""
    fields = {
        _name_of(answer.path): paragraph(answer.full_label, most=500, required=False) for answer in answers
    }
    form: ReturnForm = type("ReturnForm", (ReturnForm,), fields)()
    return form


def _name_of(path: str) -> str:
    return _REMARK + path.replace(".", "__", 1)


class DecisionForm(ReviewForm):
    """What the committee decided."""

    decision = choice(
        _l("Decision of the steering committee"),
        choices=[SelectChoice(decision.value, decision.label) for decision in Decision],
        radio=True,
    )
    decided_on = calendar_day(_l("Day of the committee's decision"))
    minute_reference = line(_l("Reference of the minutes"), most=100, hint=_l("For example: 2026-05, item 3"))
    note = paragraph(
        _l("Message to the company"),
        most=2000,
        required=False,
        hint=_l("It stands in the mail and on the application's page. Declining needs a reason."),
    )
    beyond_places = tick(
        _l("Approve although every place is taken"), hint=_l("Only if the committee has decided so.")
    )

    def values(self) -> dict[str, Any]:
        found = super().values()
        return found | {"decision": Decision(found["decision"])}


def decision_form(*, is_full: bool) -> DecisionForm:
    """The form; going beyond the places is offered only when they are taken."""
    form = DecisionForm(decided_on=clock.today())
    if not is_full:
        del form.beyond_places
    return form
