"""How a claim is shown in lists: the same as `Receivable.office_state` and `Receivable.claimed_state`, as columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, literal_column, type_coerce

from portal.billing.enums import ReceivableState
from portal.billing.models import Receivable
from portal.core.db import State

_owed = Receivable.__table__.c
_NONE: ColumnElement[int] = literal_column("0")  # written out: a list's statement is prepared once
_STATE = State(ReceivableState)


def office_state() -> Any:
    """What nobody will pay is neither paid nor cancelled."""
    return _shown((_owed.written_off_yen > _NONE, ReceivableState.WRITTEN_OFF))


def claimed_state() -> Any:
    """For the company, which reads nothing of a write-off."""
    is_off, settled = (
        _owed.written_off_yen > _NONE,
        _owed.total_yen - _owed.credited_yen - _owed.outstanding_yen,
    )
    return _shown((is_off & (settled > _NONE), ReceivableState.PARTLY_PAID), (is_off, ReceivableState.UNPAID))


def _shown(*cases: tuple[Any, ReceivableState]) -> Any:
    whens: list[Any] = [(condition, literal_column(f"'{state.value}'")) for condition, state in cases]
    return type_coerce(case(*whens, else_=_owed.state), _STATE).label("state")
