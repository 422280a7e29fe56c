"""What is worked out about an attempt besides: advice on ties, chances under other lotteries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.sealing import SealedDocument
from portal.matching.enums import AttemptFault, AttemptState, StudyKind


class MatchStudy(Base):
    """One study of one attempt, made once. `figures` may be shown; `answer` tells of lists and stands sealed."""

    __tablename__ = "match_studies"
    __table_args__ = (UniqueConstraint("attempt_id", "kind"),)

    id: Mapped[intpk]
    attempt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("match_attempts.id"))
    kind: Mapped[StudyKind] = mapped_column(State(StudyKind))
    state: Mapped[AttemptState] = mapped_column(State(AttemptState), default=AttemptState.WAITING)
    fault: Mapped[AttemptFault | None] = mapped_column(State(AttemptFault))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    finished_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    answer: Mapped[list[Any] | None] = deferred(mapped_column(SealedDocument))
