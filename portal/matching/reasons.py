"""Why a posting was or was not obtained, to the student whose list it is. Nothing of others: no names, no counts, no ranks."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.matching import Reason

REASONS = {
    Reason.MATCHED: _l("You are placed here."),
    Reason.PREFERRED_OTHER: _l("You obtained a posting that stands higher on your list."),
    Reason.FILLED_BY_HIGHER_RANKED: _l("All places went to candidates whom the company had placed higher."),
    Reason.LOST_LOTTERY_IN_TIER: _l(
        "The company placed you equal with others, and there were not places for all; the lottery decided."
    ),
    Reason.NOT_LISTED_BY_COMPANY: _l("The company did not put you on its list."),
    Reason.VETOED: _l(
        "This pair was not possible: your supervisor had not approved it, or the office had ruled it out."
    ),
    Reason.COMPANY_FULL: _l("The company had filled the number of students it takes in all."),
    Reason.REGION_CAP: _l("A limit for several companies together was reached."),
    Reason.WITHDRAWN: _l("The company no longer offers places in this posting."),
    Reason.WAIVED: _l(
        "The office decided otherwise after the match; the career-support office explains it to you."
    ),
}
TONES = {Reason.MATCHED: "good"}  # the others are sentences: too long for a badge on a telephone
