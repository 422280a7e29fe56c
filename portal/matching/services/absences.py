"""Students with a list or an agreed place whom the gate keeps out of a match: they are told which condition of theirs was missing."""

from __future__ import annotations

from portal.matching.enums import LeftReason, Missing
from portal.matching.models import MatchAbsence
from portal.matching.services.gates import Gate

OWN = {
    LeftReason.TRAINING_MISSING: Missing.TRAINING,
    LeftReason.NO_LONGER_A_STUDENT: Missing.STUDENT,
    LeftReason.PLACED_BEFORE: Missing.PLACED,
}


def absences_of(gate: Gate, round_id: int) -> list[MatchAbsence]:
    """A row for each, in order of numbers."""
    shown = {(row[0], row[1]) for row in gate.rows.interests}
    listed = {
        student for student, wanted in gate.rows.lists if any((student, each) in shown for each in wanted)
    }
    found = {int(each.who[1:]): OWN[each.reason] for each in gate.left if each.who[0] == "s"}
    wanting = listed | {row[0] for row in gate.rows.fixed}
    agreed = {student for student, _posting in gate.unheeded} - found.keys() - listed
    missing = {student: why for student, why in found.items() if student in wanting}
    missing |= dict.fromkeys(agreed, Missing.AGREED)
    return [
        MatchAbsence(round_id=round_id, student_id=student, missing=why)
        for student, why in sorted(missing.items())
    ]
