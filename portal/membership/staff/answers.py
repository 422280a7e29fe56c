"""What a company sent in, answer by answer, as the office reads it and writes remarks on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.i18n import _, current_language
from portal.membership.models import ApplicationRevision, Tier
from portal.membership.pages import BY_NAME, Step
from portal.membership.summary import ATTACHMENTS, Section, full_label, sections


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `path` is `page.field`, under which a remark reaches the applicant."""

    path: str
    label: str
    full_label: str
    value: str

    @property
    def pair(self) -> tuple[str, str]:
        """For a list of facts."""
        return self.label, self.value


@dataclass(frozen=True, slots=True)
class Group:
    """A page's answers under its title."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class StepGroup:
    """A step with the pages that it is made of."""

    step: Step
    groups: tuple[Group, ...]


def label_at(path: str) -> str:
    """An answer's label with its page; a remark without a path is on the whole."""
    if not path:
        return _("The whole application")
    return full_label(path)


def grouped(revision: ApplicationRevision, tiers: Sequence[Tier]) -> list[StepGroup]:
    """Everything that was sent in, by step."""
    by_step: dict[Step, list[Group]] = {}
    for section in sections(revision.content, tiers, current_language()):
        by_step.setdefault(section.page.step, []).append(_group(section))
    by_step.setdefault(Step.DOCUMENTS, []).append(_attachments(revision))
    return [StepGroup(step, tuple(by_step[step])) for step in Step if step in by_step]


def every_answer(steps: Sequence[StepGroup]) -> list[Answer]:
    """All answers in one row."""
    return [answer for step in steps for group in step.groups for answer in group.answers]


def _group(section: Section) -> Group:
    answers = tuple(
        Answer(row.path, str(row.label), label_at(row.path), str(row.value)) for row in section.rows
    )
    return Group(str(section.page.title), answers)


def _attachments(revision: ApplicationRevision) -> Group:
    names = "\n".join(str(file["name"]) for file in revision.files)
    return Group(
        str(BY_NAME["documents"].title),
        (Answer(ATTACHMENTS, _("Attachments"), _("Attachments"), names or _("No attachment")),),
    )
