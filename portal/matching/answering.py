"""One answer to a placement arranged beforehand, from whichever page it comes."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.internships.pages import posting_facts, posting_texts
from portal.matching.enums import Side
from portal.matching.forms.prearranging import AnswerForm
from portal.matching.queries.prearranged import Arranged
from portal.matching.services.prearranging import agree_placement, end_placement

AGREE, END = "agree", "end"
UNREAD = _l("This answer could not be read. Please press the button again.")


def about_postings(
    rows: Sequence[Arranged],
) -> dict[int, tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """What everybody has to know before a yes: short facts (days, place, pay) and long texts, by posting."""
    return {each.posting.id: (posting_facts(each.posting), posting_texts(each.posting)) for each in rows}


def answer(arranged: Arranged, sides: Sequence[Side], by: int | None) -> bool:
    """What the form says, for one of `sides`; True when that was a yes. Raises Refused, OutOfDate."""
    form = AnswerForm()
    side = next((each for each in sides if each.value == form.side.data), None)
    if not form.validate() or side is None or form.answer.data not in (AGREE, END):
        raise Refused(UNREAD)
    if form.answer.data == AGREE:
        agree_placement(arranged=arranged, side=side, by=by)
        return True
    end_placement(arranged=arranged, side=side, by=by)
    return False
