"""Runs of the match."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.sealing import SealedDocument
from portal.matching.enums import AttemptFault, AttemptState

_CHOSEN = text("chosen_at IS NOT NULL")


class MatchAttempt(Base):
    """One run over a round's lists: as they are, or with something changed (`overrides`, on top of `base_id`).

    `market` and `result` are the texts of `docs/matching.md`, sealed, as they hold everybody's lists; `input_sha256` and
    `result_sha256` are fingerprints of these texts (UTF-8, `core.sealing.fingerprint`): by a plain hash, all lists of a small round
    could be tried. `comparison` names who moves against the base, without ranks. `figures` holds counts
    alone, small ones hidden, and may be shown. `fault` says why a run failed. One attempt a round is chosen.
    """

    __tablename__ = "match_attempts"
    __table_args__ = (
        Index(
            "uq_match_attempts_chosen", "round_id", unique=True, sqlite_where=_CHOSEN, postgresql_where=_CHOSEN
        ),
        Index("ix_match_attempts_round", "round_id", "id"),
    )  # fmt: skip

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    base_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("match_attempts.id"))
    overrides: Mapped[list[Any]] = mapped_column(SealedDocument, default=list)
    state: Mapped[AttemptState] = mapped_column(State(AttemptState), default=AttemptState.WAITING)
    step: Mapped[str] = mapped_column(String(40), default="")
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    finished_at: Mapped[datetime | None]
    engine: Mapped[str] = mapped_column(String(60), default="")
    input_sha256: Mapped[str] = mapped_column(String(64), default="")
    result_sha256: Mapped[str] = mapped_column(String(64), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    market: Mapped[str | None] = deferred(mapped_column(SealedDocument))
    result: Mapped[str | None] = deferred(mapped_column(SealedDocument))
    comparison: Mapped[dict[str, Any] | None] = deferred(mapped_column(SealedDocument))
    fault: Mapped[AttemptFault | None] = mapped_column(State(AttemptFault))
    chosen_at: Mapped[datetime | None]
    chosen_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
