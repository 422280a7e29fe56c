"""Our own code with one guard taken out: each must fail the drill that `bench_drills --mutants` names beside it."""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.cli import worker
from portal.core import transaction
from portal.core.db import db
from portal.jobs import services
from portal.jobs.models import Job, is_queued
from portal.notifications import services as outbox
from portal.notifications import tasks
from portal.notifications.enums import MessageState
from portal.notifications.models import Message
from portal.wiring import errors, resting


def acknowledges_anyway(patch: pytest.MonkeyPatch) -> None:
    """What fails in a request that writes is answered as if it had gone well."""
    real = errors.error_page

    def page(status: int, message: object = "") -> Any:
        answer = real(status, message)
        if status == 503 and errors.request.method == "POST":
            answer.status_code = 200
        return answer

    patch.setattr(errors, "error_page", page)


def shows_the_trace(patch: pytest.MonkeyPatch) -> None:
    """The page repeats what the program said."""
    real = errors.error_page
    patch.setattr(
        errors, "error_page", lambda status, message="": real(status, message or traceback.format_exc())
    )


def gives_up_soon(patch: pytest.MonkeyPatch) -> None:
    """A failed job waits longer each time, whatever it was that failed."""
    patch.setattr(services, "wait_of", lambda job, error: timedelta(seconds=60 * 2**job.attempts))


def believes_the_clock(patch: pytest.MonkeyPatch) -> None:
    """What a clock that was ahead wrote down is waited for."""
    patch.setattr(services, "_is_due", lambda now: is_queued() & (Job.run_after <= now))


def sent_before_sending(patch: pytest.MonkeyPatch) -> None:
    """A mail counts as sent before the mail server took it."""
    real = outbox.deliver

    def deliver(message_id: int) -> None:
        try:
            real(message_id)
        except Exception:
            transaction.let_go()
            with transaction.transaction():
                sent = update(Message).where(Message.id == message_id).values(state=MessageState.SENT)
                db.session.execute(sent)

    patch.setattr(tasks.services, "deliver", deliver)


def calls_a_full_disk_a_fault(patch: pytest.MonkeyPatch) -> None:
    """A full folder is an error like any other: no word about coming again."""
    patch.setattr(resting, "FULL", frozenset())
    patch.setattr(errors, "is_passing", lambda error: False)


def sweeps_once_a_minute(patch: pytest.MonkeyPatch) -> None:
    """What the queue lost is looked for once a minute."""
    patch.setattr(worker, "LOOK_SECONDS", 3600)
