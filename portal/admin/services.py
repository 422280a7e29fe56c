"""What an administrator does beside changing settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import Person
from portal.audit.labels import name_verbs
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.jobs.models import Job
from portal.jobs.services import retry_job

name_verbs({"job.retried": _l("Failed work tried again"), "trail.exported": _l("Audit trail exported")})


def retry_failure(*, job: Job, by: Actor) -> None:
    """Try failed work again at once. Raises OutOfDate when it has been done or tried in the meantime."""
    if not retry_job(job):
        raise OutOfDate(_l("This work has been done or taken up again already."))
    record(verb="job.retried", subject=job, by=by, changes={"name": job.name, "error": job.last_error})


def note_export(*, wanted: Mapping[str, Any], rows: int, by: Actor) -> None:
    """Write down who took how much of the trail out of the house."""
    person = db.session.get_one(Person, by.id)
    record(verb="trail.exported", subject=person, by=by, changes={**wanted, "rows": rows})
