"""What a student looks for; everything may stay empty."""

from __future__ import annotations

from portal.core.forms import Form, choice, line, tick
from portal.core.i18n import _l, current_language
from portal.domain.prefectures import CODES, prefecture_name
from portal.hubs.queries import hub_names
from portal.internships.enums import RemoteWork, WorkingLanguage
from portal.internships.queries.browsing import Wish
from portal.membership.choices import areas, labelled

ANY = ("", _l("Any"))


class BrowseForm(Form):
    """Conditions in the address of the page."""

    q = line(_l("Words in title, duties or skills"), most=100, required=False)
    area = choice(_l("Priority area"), required=False)
    prefecture = choice(_l("Prefecture"), required=False)
    remote = choice(_l("Work from home"), required=False)
    language = choice(_l("Language at work"), required=False)
    hub = choice(_l("Hub"), required=False)
    paid = tick(_l("Paid alone"))

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        language = current_language()
        self.area.choices = [ANY, *areas()]
        self.prefecture.choices = [ANY, *((code, prefecture_name(code, language)) for code in CODES)]
        self.remote.choices = [ANY, *labelled(RemoteWork)]
        self.language.choices = [ANY, *labelled(WorkingLanguage)]
        self.hub.choices = [ANY, *((str(number), name) for number, name in hub_names(language))]

    def wish(self) -> Wish:
        """What was chosen, checked."""
        return Wish(
            area=self.area.data or "",
            prefecture=self.prefecture.data or "",
            remote=RemoteWork(self.remote.data) if self.remote.data else None,
            language=WorkingLanguage(self.language.data) if self.language.data else None,
            is_paid=self.paid.data,
            hub_id=int(self.hub.data) if self.hub.data else None,
            text=self.q.data or "",
        )
