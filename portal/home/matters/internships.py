"""What of internships waits for the career-support office, each where it is done."""

from __future__ import annotations

from collections import Counter

from portal.core.i18n import _, current_language, ngettext
from portal.core.links import url_for
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.posting_flow import PostingState
from portal.home.matters import Matter
from portal.home.queries.internships import (
    InRound,
    placements_in_hand,
    postings_waiting,
    questions_in_hand,
    results_held_back,
    runs_in_hand,
    unsupervised_students,
)
from portal.internships.queries.needed import all_lacks


def internship_matters() -> list[Matter]:
    """Of all its rooms; a statement each."""
    return [
        *(_posting(each) for each in postings_waiting()),
        *(_run(each) for each in runs_in_hand()),
        *(_held_back(each) for each in results_held_back()),
        *(_unsupervised(each) for each in unsupervised_students()),
        *_lacking(),
        *_questions(),
        *_placements(),
    ]


def _posting(here: InRound) -> Matter:
    title = ngettext(
        "%(num)d internship posting to review", "%(num)d internship postings to review", here.count
    )
    where = url_for(
        "internships_staff.show_round", round_id=here.round_id, state=PostingState.SUBMITTED.value
    )
    return Matter(_of(title, here), here.waiting.days, _("Read"), where)


def _run(here: InRound) -> Matter:
    where = url_for("matching_staff.list_attempts", round_id=here.round_id)
    return Matter(
        _of(_("The lists are locked; the result is to be found"), here), here.waiting.days, _("Run the match"), where
    )  # fmt: skip


def _held_back(here: InRound) -> Matter:
    where = url_for("matching_staff.confirm_choice", round_id=here.round_id)
    title = _("The chosen result is held back; please decide")
    return Matter(_of(title, here), here.waiting.days, _("See and decide"), where)


def _unsupervised(here: InRound) -> Matter:
    title = ngettext(
        "%(num)d student has named no supervisor, and interest waits",
        "%(num)d students have named no supervisor, and interest waits",
        here.count,
    )
    where = url_for(
        "internships_staff.list_approvals", round_id=here.round_id, state=ApprovalState.ASKED.value
    )
    return Matter(_of(title, here), here.waiting.days, _("See"), where, is_ours=False)


def _lacking() -> list[Matter]:
    """Companies without an agreement that a round or a posting needs, round by round."""
    lacks, found = all_lacks(current_language()), []
    for (number, name), count in Counter((lack.round_id, lack.round_name) for lack in lacks).items():
        title = ngettext(
            "%(num)d company lacks an agreement that is needed",
            "%(num)d companies lack an agreement that is needed",
            count,
        )
        where = url_for("internships_staff.set_needed_agreements", round_id=number)
        found.append(Matter(_("%(round)s: %(matter)s", round=name, matter=title), None, _("See"), where))
    return found


def _questions() -> list[Matter]:
    waiting = questions_in_hand()
    if not waiting.count:
        return []
    title = ngettext(
        "%(num)d question or answer to forward", "%(num)d questions or answers to forward", waiting.count
    )
    return [Matter(title, waiting.days, _("Read"), url_for("internships_staff.list_questions"))]


def _placements() -> list[Matter]:
    waiting = placements_in_hand()
    if not waiting.count:
        return []
    title = ngettext(
        "%(num)d internship needs the office", "%(num)d internships need the office", waiting.count
    )
    where = url_for("placements_staff.list_placements", state="waiting")
    return [Matter(title, waiting.days, _("See"), where)]


def _of(title: str, here: InRound) -> str:
    name = here.name_en if current_language() == "en" else here.name_ja
    return _("%(round)s: %(matter)s", round=name, matter=title)
