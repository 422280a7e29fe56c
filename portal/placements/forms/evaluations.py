"""Evaluations, as both sides type them; a draft may lack anything."""

from __future__ import annotations

from typing import Any

from wtforms.widgets import HiddenInput

from portal.core.forms import (
    Form,
    calendar_day,
    choice,
    latin_letters,
    line,
    paragraph,
    printable,
    tick,
    whole_number,
)
from portal.core.i18n import _l
from portal.domain.placements.criteria import MARKS, NOT_SEEN, Criterion, HostCriterion
from portal.placements.enums import CRITERION_HINTS, CRITERION_LABELS, HOST_HINTS, HOST_LABELS, MARK_LABELS
from portal.placements.models import PlacementEvaluation

WORDS = _l("In words")


class EvaluationForm(Form):
    """For each criterion `mark_…` and `remark_…`. `version` is what the page showed, 0 where nothing stands yet."""

    CRITERIA: tuple[Any, ...] = ()

    overall = choice(_l("All in all"), required=False, radio=True)
    words = paragraph(WORDS, most=3000, required=False)
    version = whole_number("", least=0, most=2**62, default=0, widget=HiddenInput())

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        given = [(str(mark), str(MARK_LABELS[mark])) for mark in MARKS]
        self.overall.choices = given
        for each in self.CRITERIA:
            self[f"mark_{each}"].choices = [*given, (str(NOT_SEEN), str(MARK_LABELS[NOT_SEEN]))]

    def show(self, draft: PlacementEvaluation) -> None:
        """Put what stands into the fields."""
        for each in self.CRITERIA:
            mark = draft.marks.get(each)
            self[f"mark_{each}"].data = None if mark is None else str(mark)
            self[f"remark_{each}"].data = draft.remarks.get(each, "")
        self.overall.data = None if draft.overall is None else str(draft.overall)
        self.words.data, self.version.data = draft.words, draft.version

    def said(self) -> dict[str, Any]:
        """What was typed; what was left open is left out."""
        marks = {each: self[f"mark_{each}"].data for each in self.CRITERIA}
        remarks = {each: self[f"remark_{each}"].data for each in self.CRITERIA}
        return {
            "marks": {each.value: int(mark) for each, mark in marks.items() if mark},
            "remarks": {each.value: words for each, words in remarks.items() if words},
            "overall": int(self.overall.data) if self.overall.data else None,
            "words": self.words.data or "",
        }

    def rows(self) -> list[tuple[Any, Any]]:
        """The pairs of fields in order."""
        return [(self[f"mark_{each}"], self[f"remark_{each}"]) for each in self.CRITERIA]


class InternForm(EvaluationForm):
    """The company on its intern, after talking with them."""

    CRITERIA = tuple(Criterion)

    words = paragraph(WORDS, most=3000, required=False, checks=[printable])  # they stand on the sheet
    interviewed_on = calendar_day(
        _l("Day of the talk with the intern"),
        required=False,
        hint=_l("The evaluation is given in a talk first."),
    )
    interviewer = line(_l("Who evaluates"), most=100, required=False, hint=_l("Department, title and name."))
    interviewer_en = line(
        _l("The same in Latin letters"),
        most=100,
        required=False,
        hint=_l(
            "Stands on the English documents, with the Japanese beside. Not needed where the line above is in Latin letters already."
        ),
        checks=[latin_letters],
    )

    def show(self, draft: PlacementEvaluation) -> None:
        """Put what stands into the fields."""
        super().show(draft)
        self.interviewed_on.data, self.interviewer.data = draft.interviewed_on, draft.interviewer
        self.interviewer_en.data = draft.interviewer_en

    def said(self) -> dict[str, Any]:
        """What was typed."""
        return super().said() | {
            "interviewed_on": self.interviewed_on.data,
            "interviewer": self.interviewer.data or "",
            "interviewer_en": self.interviewer_en.data or "",
        }


class HostForm(EvaluationForm):
    """The student on the company."""

    CRITERIA = tuple(HostCriterion)

    is_open_to_host = tick(
        _l("The company may read what I write here"),
        hint=_l("Without this it learns only means over five interns or more."),
    )

    def show(self, draft: PlacementEvaluation) -> None:
        """Put what stands into the fields."""
        super().show(draft)
        self.is_open_to_host.data = draft.is_open_to_host

    def said(self) -> dict[str, Any]:
        """What was typed."""
        return super().said() | {"is_open_to_host": self.is_open_to_host.data}


_REMARK = _l("Remark")
for _form, _labels, _hints in (
    (InternForm, CRITERION_LABELS, CRITERION_HINTS),
    (HostForm, HOST_LABELS, HOST_HINTS),
):
    for _each in _form.CRITERIA:
        _mark = choice(_labels[_each], required=False, radio=True, hint=_hints[_each])
        setattr(_form, f"mark_{_each}", _mark)
        setattr(_form, f"remark_{_each}", line(_REMARK, most=300, required=False))
