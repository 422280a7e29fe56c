"""States and kinds of placements, with their words."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.placements.checklist import ItemKind
from portal.domain.placements.duties import Task
from portal.domain.placements.hours import WeekState
from portal.domain.placements.placement_flow import PlacementState, Side

PLACEMENT_LABELS = {
    PlacementState.PREPARING: _l("In preparation"),
    PlacementState.RUNNING: _l("Internship under way"),
    PlacementState.ENDED: _l("Ended, evaluations due"),
    PlacementState.EVALUATED: _l("Evaluated"),
    PlacementState.CLOSED: _l("Closed without evaluation"),
    PlacementState.CANCELLED: _l("Cancelled"),
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
    Task.PAPERS: _l("Issue the evaluation sheet and the certificate"),
}
