"""What a student looks for; everything may stay empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.core.forms import Form, calendar_day, choice, line, whole_number
from portal.core.i18n import _, _l, current_language
from portal.domain.internships.posting_rules import LEAST_WEEKS, MOST_WEEKS
from portal.domain.internships.timetable import CHOOSING
from portal.domain.prefectures import CODES, prefecture_name
from portal.hubs.queries import hub_names
from portal.internships.enums import DataAgreement, PayUnit, RemoteWork, WorkingLanguage
from portal.internships.models import InternshipRound
from portal.internships.queries.wishes import Wish
from portal.membership.choices import areas, labelled

ANY = ("", _l("Any"))
ALL, NONE, PAID = "all", "none", "paid"


class BrowseForm(Form):
    """Conditions in the address of the page."""

    q = line(_l("Words in title, duties or skills"), most=100, required=False)
    round = choice(_l("Round"), required=False)
    area = choice(_l("Priority area"), required=False)
    hub = choice(_l("Hub"), required=False)
    prefecture = choice(_l("Prefecture"), required=False)
    remote = choice(_l("Work from home"), required=False)
    language = choice(_l("Language at work"), required=False)
    free_from = calendar_day(
        _l("You can come from"), required=False, hint=_l("Shown is what fits as a whole between your days.")
    )
    free_until = calendar_day(_l("You can come until"), required=False)
    most_weeks = whole_number(_l("Weeks at most"), least=LEAST_WEEKS, most=MOST_WEEKS, required=False)
    pay = choice(_l("Remuneration"), required=False)
    least_yen = whole_number(
        _l("Amount at least"), least=1, most=10_000_000, required=False,
        hint=_l("For pay by the hour, the day or the month."),
    )  # fmt: skip
    data = choice(_l("Agreements on data and materials"), required=False)

    def offer(self, rounds: Sequence[InternshipRound]) -> None:
        """Fill the choices, in the reader's language."""
        language = current_language()
        named = [(str(each.id), each.name(language)) for each in rounds]
        self.round.choices = [
            ("", _l("Rounds in which you can show interest")),
            *named,
            (ALL, _l("Every round")),
        ]
        self.area.choices = [ANY, *areas()]
        self.prefecture.choices = [ANY, *((code, prefecture_name(code, language)) for code in CODES)]
        self.remote.choices = [ANY, *labelled(RemoteWork)]
        self.language.choices = [ANY, *labelled(WorkingLanguage)]
        self.hub.choices = [ANY, *((str(number), name) for number, name in hub_names(language))]
        self.pay.choices = [ANY, (PAID, _l("Paid work")), *labelled(PayUnit)]
        self.data.choices = [ANY, (NONE, _l("Nothing needed")), *labelled(DataAgreement)]

    def validate_free_until(self, field: Field) -> None:
        """Not before the first day."""
        if field.data and self.free_from.data and field.data < self.free_from.data:
            raise ValidationError(_("The last day has to lie after the first."))

    def validate_least_yen(self, field: Field) -> None:
        """An amount says something only together with what it is for."""
        if field.data and self.pay.data not in (PayUnit.HOUR, PayUnit.DAY, PayUnit.MONTH):
            raise ValidationError(_("Please choose pay by the hour, the day or the month as well."))

    def chosen_rounds(self, rounds: Sequence[InternshipRound]) -> list[InternshipRound]:
        """Those that the reader asked for; without a word those in which interest can be shown."""
        wanted = self.round.data or ""
        if wanted == ALL:
            return list(rounds)
        return [each for each in rounds if (str(each.id) == wanted if wanted else each.stage in CHOOSING)]

    def wish(self) -> Wish:
        """What was chosen, checked."""
        return Wish(
            area=self.area.data or "", prefecture=self.prefecture.data or "", text=self.q.data or "",
            hub_id=int(self.hub.data) if self.hub.data else None,
            free_from=self.free_from.data, free_until=self.free_until.data, most_weeks=self.most_weeks.data,
            is_paid=self.pay.data == PAID, least_yen=self.least_yen.data, is_without_data=self.data.data == NONE,
            remote=_kind(RemoteWork, self.remote.data), language=_kind(WorkingLanguage, self.language.data),
            pay_unit=_kind(PayUnit, self.pay.data), data=_kind(DataAgreement, self.data.data),
        )  # fmt: skip


def _kind(kinds: Any, chosen: str | None) -> Any:
    return kinds(chosen) if chosen in set(kinds) else None
