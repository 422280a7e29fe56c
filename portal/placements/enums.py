"""States and kinds of placements, with their words."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.numbering import DocumentKind
from portal.domain.placements.checklist import ItemKind
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.domain.placements.duties import Task
from portal.domain.placements.hours import WeekState
from portal.domain.placements.placement_flow import PlacementState, Side

PLACEMENT_LABELS = {
    PlacementState.PREPARING: _l("In preparation"),
    PlacementState.RUNNING: _l("Internship under way"),
    PlacementState.ENDED: _l("Ended, evaluations due"),
    PlacementState.EVALUATED: _l("Evaluated"),
    PlacementState.CLOSED: _l("Closed without evaluation"),
    PlacementState.CANCELLED: _l("Called off"),
}

SIDE_LABELS = {
    Side.STUDENT: _l("Student"),
    Side.COMPANY: _l("Company"),
    Side.OFFICE: _l("Career support"),
}

ITEM_LABELS = {
    ItemKind.EMPLOYMENT: _l("Employment contract"),
    ItemKind.IMPLEMENTATION: _l("Agreement between university and company"),
    ItemKind.NDA: _l("Confidentiality agreement"),
    ItemKind.IP: _l("Terms on intellectual property"),
    ItemKind.DATA_TRANSFER: _l("Data transfer agreement"),
    ItemKind.INSURANCE: _l("Insurance"),
    ItemKind.EXPORT_CONTROL: _l("Export control check"),
}

ITEM_HINTS = {
    ItemKind.EMPLOYMENT: _l("Between company and student: duties, hours, wage, social insurance."),
    ItemKind.IMPLEMENTATION: _l("How university and company carry out the internship together."),
    ItemKind.NDA: _l("What stays secret, and for how long."),
    ItemKind.IP: _l("Whose the results are, and what may be published."),
    ItemKind.DATA_TRANSFER: _l("For the data and materials that the posting names."),
    ItemKind.INSURANCE: _l("Accident and liability insurance of the student."),
    ItemKind.EXPORT_CONTROL: _l("Whether technology may be shown to this person."),
}

WEEK_LABELS = {
    WeekState.ENTERED: _l("To be confirmed"),
    WeekState.CONFIRMED: _l("Confirmed by the company"),
    WeekState.RETURNED: _l("Returned for correction"),
}

TASK_LABELS = {
    Task.AGREE: _l("Agree on the period"),
    Task.ITEM: _l("Finish what has to be done before the start"),
    Task.START: _l("Start the internship"),
    Task.ENTER: _l("Enter the hours of a week"),
    Task.CONFIRM: _l("Confirm the hours of a week"),
    Task.CORRECT: _l("Correct the hours of a week"),
    Task.CHECK: _l("Answer the half-time check"),
    Task.EVALUATE: _l("Evaluate the internship"),
    Task.ENDING: _l("Decide on an early ending"),
    Task.CONCERN: _l("Follow a concern up"),
    Task.PAPERS: _l("Issue the evaluation sheet and the certificate"),
}

CRITERION_LABELS = {
    Criterion.KNOWLEDGE: _l("Specialist knowledge"),
    Criterion.ANALYSIS: _l("Data and methods"),
    Criterion.QUESTION: _l("Asking the right question"),
    Criterion.RESULT: _l("Quality of results"),
    Criterion.TEAMWORK: _l("Working with others"),
    Criterion.EXPLAINING: _l("Explaining"),
    Criterion.INITIATIVE: _l("Initiative"),
    Criterion.CONDUCT: _l("Conduct"),
}

CRITERION_HINTS = {
    Criterion.KNOWLEDGE: _l("Knew the field and put that knowledge to use."),
    Criterion.ANALYSIS: _l("Prepared data with care, chose methods that fit, and made the work repeatable."),
    Criterion.QUESTION: _l("Turned a vague task into a question that can be answered, and saw its limits."),
    Criterion.RESULT: _l("Came to results that hold and are of use to the company."),
    Criterion.TEAMWORK: _l("Took others' views in, shared work and kept to what was agreed."),
    Criterion.EXPLAINING: _l(
        "Made methods and results clear to people of other fields, in writing and in talk."
    ),
    Criterion.INITIATIVE: _l("Planned alone, asked in time and went on when something did not work."),
    Criterion.CONDUCT: _l("Kept to rules on secrecy, personal data, research ethics and safety."),
}

HOST_LABELS = {
    HostCriterion.TASK: _l("The task"),
    HostCriterion.GUIDANCE: _l("Guidance"),
    HostCriterion.LEARNING: _l("What you learned"),
    HostCriterion.MEANS: _l("Means of work"),
    HostCriterion.FAIRNESS: _l("Fair treatment"),
    HostCriterion.AGAIN: _l("Recommendation"),
}

HOST_HINTS = {
    HostCriterion.TASK: _l("The work was what the posting said, and worth a doctoral student's time."),
    HostCriterion.GUIDANCE: _l("The mentor had time and gave useful answers."),
    HostCriterion.LEARNING: _l("You learned something for your research or your career."),
    HostCriterion.MEANS: _l("Data, computers and a place to work were there when you needed them."),
    HostCriterion.FAIRNESS: _l("Hours, pay and the way people spoke to you were as they should be."),
    HostCriterion.AGAIN: _l("You would send a friend there."),
}

MARK_LABELS = {
    5: _l("5 – outstanding"),
    4: _l("4 – better than expected"),
    3: _l("3 – as expected"),
    2: _l("2 – in part"),
    1: _l("1 – not yet"),
    0: _l("could not be seen"),
}

CHECK_LABELS = {4: _l("very well"), 3: _l("well"), 2: _l("not quite"), 1: _l("badly")}

KIND_LABELS = {
    DocumentKind.EVALUATION_SHEET: _l("Evaluation sheet"),
    DocumentKind.CERTIFICATE: _l("Certificate of evaluation"),
}
