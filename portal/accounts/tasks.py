"""Jobs of accounts."""

from __future__ import annotations

from datetime import timedelta

from portal.accounts.services import doors, links
from portal.core.limits import forget_expired
from portal.jobs.registry import task


@task("accounts.mail_sign_in_link")
def mail_sign_in_link(email: str, next_path: str) -> None:
    """Look the address up and mail a sign-in link."""
    doors.mail_sign_in_link(email=email, next_path=next_path)


@task("accounts.mail_recovery_link")
def mail_recovery_link(email: str) -> None:
    """Look the address up and mail a link for a new password."""
    doors.mail_recovery_link(email=email)


@task("accounts.mail_start_link")
def mail_start_link(email: str, person_name: str, language: str, next_path: str) -> None:
    """Mail somebody new a link by which to come in."""
    doors.mail_start_link(email=email, person_name=person_name, language=language, next_path=next_path)


@task("accounts.delete_old_links", every=timedelta(days=1))
def delete_old_links() -> None:
    """Clear away spent secrets."""
    links.delete_old_links()


@task("accounts.forget_counters", atomic=False, every=timedelta(hours=1))
def forget_counters() -> None:
    """Clear away limits whose window is over."""
    forget_expired()
