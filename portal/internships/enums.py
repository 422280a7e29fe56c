"""Kinds and states of internships, with their words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from portal.core.i18n import _l
from portal.domain.internships.agreements import AgreementKind, AgreementState
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.question_flow import QuestionState, Side
from portal.domain.internships.timetable import Stage

POSTING_LABELS = {
    PostingState.DRAFT: _l("Draft"),
    PostingState.SUBMITTED: _l("With the career-support office"),
    PostingState.RETURNED: _l("Returned for correction"),
    PostingState.PUBLISHED: _l("Open to students"),
    PostingState.WITHDRAWN: _l("No longer offered"),
    PostingState.LAPSED: _l("Not published in time"),
}

INTEREST_LABELS = {
    InterestState.SHOWN: _l("Interested"),
    InterestState.WITHDRAWN: _l("Interest withdrawn"),
}

APPROVAL_LABELS = {
    ApprovalState.ASKED: _l("Supervisor asked"),
    ApprovalState.APPROVED: _l("Approved by the supervisor"),
    ApprovalState.VETOED: _l("Not approved by the supervisor"),
}

INTERVIEW_LABELS = {
    InterviewState.WAITING: _l("On the waiting list"),
    InterviewState.INVITED: _l("Invited"),
    InterviewState.UNFIT: _l("No time fits"),
    InterviewState.AGREED: _l("Time agreed"),
    InterviewState.DECLINED: _l("Declined by the student"),
    InterviewState.EXPIRED: _l("Not answered in time"),
    InterviewState.CANCELLED: _l("Called off"),
    InterviewState.HELD: _l("Held"),
    InterviewState.MISSED: _l("Student did not come"),
}

QUESTION_LABELS = {
    QuestionState.ASKED: _l("With the career-support office"),
    QuestionState.SENT_BACK: _l("Sent back for other words"),
    QuestionState.FORWARDED: _l("Waits for an answer"),
    QuestionState.ANSWERED: _l("Answer with the career-support office"),
    QuestionState.ANSWER_SENT_BACK: _l("Answer sent back for other words"),
    QuestionState.DELIVERED: _l("Answer has come"),
    QuestionState.LAPSED: _l("Not answered before the lists locked"),
}

AGREEMENT_LABELS = {
    AgreementKind.BASIC: _l("Basic agreement on internships"),
    AgreementKind.NDA: _l("Confidentiality agreement"),
    AgreementKind.DATA_TRANSFER: _l("Data transfer agreement"),
    AgreementKind.JOINT_RESEARCH: _l("Joint research contract"),
}

AGREEMENT_STATE_LABELS = {
    AgreementState.UPCOMING: _l("Not in force yet"),
    AgreementState.IN_FORCE: _l("Valid now"),
    AgreementState.EXPIRED: _l("Over"),
    AgreementState.ENDED: _l("Ended early"),
}

SIDE_LABELS = {Side.STUDENT: _l("Student"), Side.COMPANY: _l("Company")}

STAGE_LABELS = {
    Stage.PLANNED: _l("Planned"),
    Stage.OPEN: _l("Open for postings"),
    Stage.INTERVIEWS: _l("Interviews"),
    Stage.RANKING: _l("Ranking"),
    Stage.LOCKED: _l("Lists locked"),
    Stage.PUBLISHED: _l("Results published"),
    Stage.CLOSED: _l("Round over"),
    Stage.CANCELLED: _l("Cancelled"),
}
ABOUT_TO_BE_OUT = _l("About to be published")  # the minute has come, the job that looks once more has not

STEP_LABELS = {
    "opens_at": _l("Opens for postings"),
    "interviews_at": _l("Interviews begin"),
    "ranking_at": _l("Ranking begins"),
    "locks_at": _l("Lists lock"),
    "publishes_at": _l("Results are published"),
    "ends_at": _l("Round closes"),
}


class RemoteWork(StrEnum):
    """Where the intern works."""

    ON_SITE = "on_site"
    PARTLY = "partly"
    REMOTE = "remote"

    @property
    def label(self) -> Any:
        return REMOTE_LABELS[self]


REMOTE_LABELS = {
    RemoteWork.ON_SITE: _l("At the workplace"),
    RemoteWork.PARTLY: _l("Partly from home"),
    RemoteWork.REMOTE: _l("From anywhere"),
}


class WorkingLanguage(StrEnum):
    """What is spoken at work."""

    JAPANESE = "ja"
    ENGLISH = "en"
    EITHER = "either"

    @property
    def label(self) -> Any:
        return LANGUAGE_LABELS[self]


LANGUAGE_LABELS = {
    WorkingLanguage.JAPANESE: _l("Japanese"),
    WorkingLanguage.ENGLISH: _l("English"),
    WorkingLanguage.EITHER: _l("Japanese or English"),
}


class PayUnit(StrEnum):
    """By what the intern is paid."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    UNPAID = "unpaid"

    @property
    def label(self) -> Any:
        return PAY_LABELS[self]


PAY_LABELS = {
    PayUnit.HOUR: _l("By the hour"),
    PayUnit.DAY: _l("By the day"),
    PayUnit.MONTH: _l("By the month"),
    PayUnit.UNPAID: _l("No remuneration"),
}


class DataAgreement(StrEnum):
    """What has to be agreed before the intern works on data or materials."""

    TRANSFER = "transfer"
    SAMPLES = "samples"
    JOINT_RESEARCH = "joint_research"
    ETHICS = "ethics"

    @property
    def label(self) -> Any:
        return DATA_LABELS[self]


DATA_LABELS = {
    DataAgreement.TRANSFER: _l("Data transfer agreement"),
    DataAgreement.SAMPLES: _l("Application for samples and information"),
    DataAgreement.JOINT_RESEARCH: _l("Joint research contract"),
    DataAgreement.ETHICS: _l("Approval by an ethics committee"),
}
