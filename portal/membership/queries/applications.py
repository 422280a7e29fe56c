"""Read applications: each reader sees only what concerns them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, union
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.access import Actor
from portal.core.db import any_of, db
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.membership.models import (
    Acceptance,
    Application,
    ApplicationCollaborator,
    ApplicationRevision,
    Attachment,
    FieldComment,
)
from portal.membership.policy import ACTING_ROLES, may_review


def application_for(person: Actor, application_id: int) -> Application:
    """An application that this person works on as an applicant; raises NotFound for all others."""
    statement = select(Application).where(Application.id == application_id, _CONCERNS)
    loaded = statement.options(joinedload(Application.organisation), joinedload(Application.tier))
    return _one(loaded, **_belongings(person))


def applications_of(person: Actor, *, cursor: str | None = None) -> Slice[Application]:
    """Applications that this person works on, the newest first."""
    return _THEIRS.objects(cursor, **_belongings(person))


# What a person works on as an applicant; of a settled company, who began it only while belonging to it.
# Three looks into indexes: one condition with OR would read through all applications.
_sent, _shared = Application.__table__.c, ApplicationCollaborator.__table__.c
_CONCERNS = Application.id.in_(
    union(
        select(_sent.id).where(
            _sent.started_by_id == bindparam("person"),
            or_(_sent.organisation_id.is_(None), _sent.organisation_id.in_(any_of("belongs"))),
        ),
        select(_sent.id).where(_sent.organisation_id.in_(any_of("acts"))),
        select(_shared.application_id).where(
            _shared.person_id == bindparam("person"), _shared.revoked_at.is_(None)
        ),
    )
)
_THEIRS = Listing(
    select(Application)
    .where(_CONCERNS)
    .options(joinedload(Application.organisation), joinedload(Application.tier)),
    (Application.id, True),
)


def _belongings(person: Actor) -> dict[str, Any]:
    """The values of `_CONCERNS` for a person."""
    acts = person.organisations_with(*ACTING_ROLES)
    return {"person": person.id, "belongs": person.organisation_ids, "acts": acts}


def application_for_review(person: Actor, application_id: int) -> Application:
    """An application for the office's eyes: sent in at least once; raises NotFound."""
    if not may_review(person):
        raise NotFound
    statement = select(Application).where(Application.id == application_id, Application.revision > 0)
    return _one(statement.options(joinedload(Application.organisation), joinedload(Application.tier)))


def is_shared_with(person: Actor, application: Application) -> bool:
    """Whether the application was shared with this person by mail."""
    mine = ApplicationCollaborator.person_id == person.id
    here = ApplicationCollaborator.application_id == application.id
    standing = select(ApplicationCollaborator.id).where(
        mine, here, ApplicationCollaborator.revoked_at.is_(None)
    )
    return db.session.scalar(standing.limit(1)) is not None


def collaborators_of(application: Application) -> Sequence[ApplicationCollaborator]:
    """Colleagues who were asked by mail and not sent away."""
    statement = select(ApplicationCollaborator).where(
        ApplicationCollaborator.application_id == application.id, ApplicationCollaborator.revoked_at.is_(None)
    )
    return db.session.scalars(statement.order_by(ApplicationCollaborator.id)).all()


def hands_on(application: Application) -> frozenset[int]:
    """Everybody who had a hand in it as an applicant, taken back or not: began it, was let in, wrote on a page, gave or sent it."""
    here = application.id
    joined = select(ApplicationCollaborator.person_id).where(
        ApplicationCollaborator.application_id == here, ApplicationCollaborator.person_id.is_not(None)
    )
    sent = select(ApplicationRevision.submitted_by_id).where(ApplicationRevision.application_id == here)
    gave = select(Attachment.added_by_id).where(Attachment.application_id == here)
    found = db.session.scalars(union(joined, sent, gave))
    marks = application.marks.values()
    wrote = {mark["by"] for mark in marks if "by" in mark} | {
        n for mark in marks for n in mark.get("hands", ())
    }
    return frozenset({application.started_by_id, *found, *wrote})


def revisions_of(application: Application) -> Sequence[ApplicationRevision]:
    """Everything that was sent in, oldest first."""
    mine = select(ApplicationRevision).where(ApplicationRevision.application_id == application.id)
    return db.session.scalars(mine.order_by(ApplicationRevision.number)).all()


def latest_revision(application: Application) -> ApplicationRevision:
    """What was sent in last; raises NotFound before the first time."""
    mine = select(ApplicationRevision).where(ApplicationRevision.application_id == application.id)
    found = db.session.scalars(mine.order_by(ApplicationRevision.number.desc()).limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return found


def comments_on(application: Application, revision: int | None = None) -> Sequence[FieldComment]:
    """What was asked to be corrected in a revision (the latest when none is named)."""
    number = application.revision if revision is None else revision
    mine = select(FieldComment).where(
        FieldComment.application_id == application.id, FieldComment.revision == number
    )
    return db.session.scalars(mine.order_by(FieldComment.id)).all()


def attachments_of(application: Application) -> Sequence[Attachment]:
    """Files that go with it now."""
    mine = select(Attachment).where(
        Attachment.application_id == application.id, Attachment.removed_at.is_(None)
    )
    return db.session.scalars(mine.options(joinedload(Attachment.file)).order_by(Attachment.id)).all()


def attachment_in(application: Application, attachment_id: int, *, removed_too: bool = False) -> Attachment:
    """One file of this application; raises NotFound. Reviewers may open what an earlier revision had (`removed_too`)."""
    mine = select(Attachment).where(
        Attachment.id == attachment_id, Attachment.application_id == application.id
    )
    if not removed_too:
        mine = mine.where(Attachment.removed_at.is_(None))
    found = db.session.scalars(mine.options(joinedload(Attachment.file))).one_or_none()
    if found is None:
        raise NotFound
    return found


def acceptances_of(application: Application) -> Sequence[Acceptance]:
    """Who accepted which wording, with every revision."""
    mine = select(Acceptance).where(Acceptance.application_id == application.id)
    return db.session.scalars(
        mine.options(joinedload(Acceptance.rules_version)).order_by(Acceptance.id)
    ).all()


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Names by number, for timelines; one statement."""
    if not person_ids:
        return {}
    return {
        row.id: row.name
        for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    }


def _one(statement: Select[Application], **asked: Any) -> Application:
    found: Application | None = db.session.scalars(statement, asked).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
