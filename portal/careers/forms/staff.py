"""Forms of the career-support office."""

from __future__ import annotations

from wtforms.fields.choices import SelectChoice

from portal.accounts.enums import Role
from portal.core.forms import Form, calendar_day, choice, email, line, not_in_future, paragraph
from portal.core.i18n import _l

GRANT, REVOKE = "grant", "revoke"


class TrainingForm(Form):
    """Whose training is completed, or is not after all."""

    addresses = paragraph(
        _l("Students' mail addresses"),
        most=40_000,
        hint=_l("One a line, or parted by commas; a column of a spreadsheet can be pasted."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    deed = choice(
        _l("What to record"),
        choices=[
            SelectChoice(GRANT, _l("Training completed")),
            SelectChoice(REVOKE, _l("Not completed: the record was a mistake")),
        ],
        radio=True,
        default=GRANT,
    )
    earned_on = calendar_day(_l("Completed on"), required=False, checks=[not_in_future])
    reason = paragraph(
        _l("Reason"),
        most=500,
        required=False,
        hint=_l("Needed where a record is taken back; it stands in the trail."),
    )

    @property
    def is_granted(self) -> bool:
        """Whether it is recorded, not taken back."""
        return bool(self.deed.data == GRANT)


class InviteAcademicForm(Form):
    """Whom to invite, where, as what."""

    organisation = choice(_l("University"))
    role = choice(
        _l("Role"),
        choices=[SelectChoice(each.value, each.label) for each in (Role.STUDENT, Role.SUPERVISOR)],
        radio=True,
    )
    email = email(_l("Mail address"), render_kw={"autocomplete": "off", "autocapitalize": "none"})
    name = line(
        _l("Name"),
        most=100,
        required=False,
        hint=_l("Stands in the mail; the person can correct it."),
        render_kw={"autocomplete": "off"},
    )

    def offer(self, universities: list[tuple[str, str]]) -> None:
        """Fill the choices, in the reader's language."""
        self.organisation.choices = [
            SelectChoice("", _l("Please choose")),
            *(SelectChoice(*each) for each in universities),
        ]
