"""Why a posting was or was not obtained, to the student whose list it is. Nothing of others: no names, no counts, no ranks."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.matching import Reason
from portal.domain.matching.explaining import Filling
from portal.matching.enums import Missing

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
    Reason.TOO_LATE: _l(
        "The results are published so late that the whole stay no longer fits into the days of this posting."
    ),
    Reason.COMPANY_FULL: _l("The company had filled the number of students it takes in all."),
    Reason.REGION_CAP: _l("A limit for several companies together was reached."),
    Reason.WITHDRAWN: _l("The company no longer offers places in this posting."),
    Reason.WAIVED: _l(
        "The office decided otherwise after the match; the career-support office explains it to you."
    ),
}
MISSING = {
    Missing.TRAINING: _l("The training was not recorded as completed when the match was made."),
    Missing.STUDENT: _l("You were no longer registered as a doctoral student when the match was made."),
    Missing.PLACED: _l("You had a place already, from the round before."),
    Missing.AGREED: _l(
        "The place that was arranged for you beforehand could not be counted, and there was no list of yours. The career-support "
        "office tells you more."
    ),
}
FILLINGS = {
    Filling.FILLED: _l("All places are taken."),
    Filling.NO_CANDIDATE_LEFT: _l(
        "Nobody was left for the open places: whoever you had ranked is placed with you or elsewhere, had not listed this posting, or "
        "could not come."
    ),
    Filling.COMPANY_FULL: _l("The number of students whom your company takes in all is reached."),
    Filling.REGION_CAP: _l("A limit for several companies together was reached."),
    Filling.WITHDRAWN: _l("No places were offered in this posting when the match was run."),
    Filling.WAIVED: _l("The office decided otherwise after the match, with the consent of those concerned."),
}
TONES = {Reason.MATCHED: "good"}  # the others are sentences: too long for a badge on a telephone
