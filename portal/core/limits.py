"""Rate limits kept in the database, so that all workers on all hosts count together.

Counted on a connection of its own and committed at once: a refused request rolls back, its count stays.
"""

from __future__ import annotations

import time
from typing import Any

from limits.storage import Storage
from sqlalchemy import BigInteger, Float, String, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, db, write_intent


class LimitCounter(Base):
    """How often a key was used in its present window."""

    __tablename__ = "limit_counters"

    key: Mapped[str] = mapped_column(String(500), primary_key=True)
    uses: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[float] = mapped_column(Float, index=True)  # Unix seconds


class DatabaseStorage(Storage):
    """Fixed windows as rows; the storage that Flask-Limiter finds under `renkei://`."""

    STORAGE_SCHEME = ["renkei"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` uses of `key`; a window that has run out begins anew."""
        now = time.time()
        with write_intent(True), db.engine.begin() as connection:
            dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
            row = dialect.insert(LimitCounter).values(key=key[:500], uses=amount, expires_at=now + expiry)
            over = LimitCounter.expires_at <= now
            statement = row.on_conflict_do_update(
                index_elements=[LimitCounter.key],
                set_={
                    "uses": case((over, amount), else_=LimitCounter.uses + amount),
                    "expires_at": case((over, now + expiry), else_=LimitCounter.expires_at),
                },
            ).returning(LimitCounter.uses)
            return int(connection.execute(statement).scalar_one())

    def get(self, key: str) -> int:
        return int(self._read(key, LimitCounter.uses) or 0)

    def get_expiry(self, key: str) -> float:
        return float(self._read(key, LimitCounter.expires_at) or time.time())

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with write_intent(True), db.engine.begin() as connection:
            return int(connection.execute(delete(LimitCounter)).rowcount)

    def clear(self, key: str) -> None:
        with write_intent(True), db.engine.begin() as connection:
            connection.execute(update(LimitCounter).where(LimitCounter.key == key).values(uses=0))

    def _read(self, key: str, column: Any) -> Any:
        alive = select(column).where(LimitCounter.key == key[:500], LimitCounter.expires_at > time.time())
        with db.engine.connect() as connection:
            return connection.execute(alive).scalar_one_or_none()


def forget_expired() -> int:
    """Delete counters whose window is over; returns how many."""
    with write_intent(True), db.engine.begin() as connection:
        return int(
            connection.execute(delete(LimitCounter).where(LimitCounter.expires_at < time.time())).rowcount
        )
