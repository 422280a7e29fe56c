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
    Reason.NOT_LISTED_BY_COMPANY: _l(
        "You and this company could not be brought together: it had not put you on its list, or the pair was ruled out otherwise."
    ),
    Reason.VETOED: _l("Your supervisor had not approved this posting for days into which the stay fits."),
    Reason.COMPANY_FULL: _l("The company had filled the number of students it takes in all."),
    Reason.REGION_CAP: _l("A limit for several companies together was reached."),
    Reason.WITHDRAWN: _l("The company no longer offers places in this posting."),
    Reason.WAIVED: _l(
        "The office decided otherwise after the match; the career-support office explains it to you."
    ),
}
TONES = {Reason.MATCHED: "good"}  # the others are sentences: too long for a badge on a telephone
