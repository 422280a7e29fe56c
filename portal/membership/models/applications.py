"""An application: its draft, what was sent in, what came back, who works on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.core import clock
from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.core.schema import freeze
from portal.domain.application_flow import ApplicationState
from portal.files.models import StoredFile
from portal.membership.enums import APPLICATION_LABELS, AttachmentKind, Shown
from portal.membership.models.tiers import RulesVersion, Tier

_OPEN = text("state NOT IN ('draft', 'approved', 'declined', 'withdrawn')")
_LIVE = text("organisation_id IS NOT NULL AND state NOT IN ('approved', 'declined', 'withdrawn')")


class Application(Base):
    """One company's application for one fiscal year.

    `draft` holds what was typed, page by page, as text (`{"company": {"name_ja": "…"}}`), whatever its sense; `marks` says
    of each page how often (`version`), when (`at`), by whom (`by`) and from which open page (`editor`) it was saved last,
    who ever saved it (`hands`), and whether it is `finished`. What was sent in stands in the revisions. `moved_at` is the
    last change of state; a deferral leaves it, as the days of waiting go on.
    `eligibility` (every tier's verdict), `price` and `is_priority` are frozen when it is sent in; `purchase_order`
    may still change until the invoice is issued.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index("uq_applications_live", "organisation_id", "fiscal_year", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_applications_queue", "state", "moved_at", "id"),
        Index("ix_applications_open", "moved_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_applications_person", "started_by_id", "id"),
        Index("ix_applications_year", "fiscal_year", "state"),
    )  # fmt: skip

    id: Mapped[intpk]
    fiscal_year: Mapped[int] = mapped_column(Integer)
    organisation_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    state: Mapped[ApplicationState] = mapped_column(State(ApplicationState), default=ApplicationState.DRAFT)
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    started_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime]

    draft: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    marks: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    draft_saved_at: Mapped[datetime | None]

    receipt_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    revision: Mapped[int] = mapped_column(default=0)  # how often it was sent in
    submitted_at: Mapped[datetime | None]
    tier_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("tiers.id"))
    eligibility: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    price: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    purchase_order: Mapped[str] = mapped_column(String(60), default="", server_default="")
    is_priority: Mapped[bool] = mapped_column(default=False)
    is_by_arrangement: Mapped[bool] = mapped_column(default=False)
    agreed_seats: Mapped[int | None]

    checked_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    checked_at: Mapped[datetime | None]
    checklist: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    decided_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]  # the committee's day
    minute_reference: Mapped[str] = mapped_column(String(100), default="")
    decision_note: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    tier: Mapped[Tier | None] = relationship(lazy="raise")
    started_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[started_by_id])

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, APPLICATION_LABELS[self.state])

    @property
    def changed_at(self) -> datetime:
        """The last change of state, a deferral counted."""
        return max(self.moved_at, self.decided_at or self.moved_at)

    @property
    def days_waiting(self) -> int:
        """Whole days in Japan since it came to whoever has it now; a deferral does not begin them again."""
        return (clock.today() - self.moved_at.astimezone(clock.OFFICE_ZONE).date()).days

    def drafted(self, page: str) -> dict[str, Any]:
        """What was typed on a page."""
        return dict(self.draft.get(page, {}))

    def page_version(self, page: str) -> int:
        """How often a page was saved."""
        return int(self.marks.get(page, {}).get("version", 0))

    def is_finished(self, page: str) -> bool:
        """Whether a page was found complete when it was left."""
        return bool(self.marks.get(page, {}).get("finished"))

    def name(self, language: str) -> str:
        """The company as the draft names it, empty while it has no name."""
        typed = self.draft.get("company", {})
        return str((language == "en" and typed.get("name_en")) or typed.get("name_ja") or "")


explain(
    "uq_applications_live",
    _l(
        "An application of this company for this fiscal year is already under way. Ask the colleague who began it to share it."
    ),
    field="corporate_number",
)


class ApplicationRevision(Base):
    """What was sent in, word for word, each time. `content` holds clean answers by page."""

    __tablename__ = "application_revisions"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[intpk]
    application_id: Mapped[int] = mapped_column(BigKey, ForeignKey("applications.id"))
    number: Mapped[int]
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    files: Mapped[list[Any]] = mapped_column(JSONDocument)  # {id, name, kind, sha256}
    tier_code: Mapped[str] = mapped_column(String(20))
    eligibility: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    price: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    submitted_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    submitted_at: Mapped[datetime]


freeze(ApplicationRevision)


class FieldComment(Base):
    """What the reviewer asks to correct in a revision; `path` is `page.field`, empty for the whole."""

    __tablename__ = "field_comments"
    __table_args__ = (Index("ix_field_comments_application", "application_id", "revision"),)

    id: Mapped[intpk]
    application_id: Mapped[int] = mapped_column(BigKey, ForeignKey("applications.id"))
    revision: Mapped[int]
    path: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]


freeze(FieldComment)


class Attachment(Base):
    """A file that goes with an application; taken off again, its row stays for the revisions that had it."""

    __tablename__ = "attachments"

    id: Mapped[intpk]
    application_id: Mapped[int] = mapped_column(BigKey, ForeignKey("applications.id"), index=True)
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    kind: Mapped[AttachmentKind] = mapped_column(State(AttachmentKind))
    added_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(lazy="raise")


class Acceptance(Base):
    """A person accepted a version of the rules with a revision of an application."""

    __tablename__ = "acceptances"
    __table_args__ = (UniqueConstraint("application_id", "revision", "rules_version_id"),)

    id: Mapped[intpk]
    application_id: Mapped[int] = mapped_column(BigKey, ForeignKey("applications.id"))
    revision: Mapped[int]
    rules_version_id: Mapped[int] = mapped_column(BigKey, ForeignKey("rules_versions.id"))
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    accepted_at: Mapped[datetime]

    rules_version: Mapped[RulesVersion] = relationship(lazy="raise")


freeze(Acceptance)

_STANDING = text("revoked_at IS NULL")


class ApplicationCollaborator(Base):
    """A colleague asked to work on a draft by mail, before the company exists here; the row holds the link's hash."""

    __tablename__ = "application_collaborators"
    __table_args__ = (
        Index(
            "uq_application_collaborators_standing", "application_id", "email_key", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
    )  # fmt: skip

    id: Mapped[intpk]
    application_id: Mapped[int] = mapped_column(BigKey, ForeignKey("applications.id"))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="raise")


explain("uq_application_collaborators_standing", _l("This colleague has been asked already."), field="email")
