"""Take in a file of the bank: kept byte for byte, its deposits added once, compared with what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from portal.audit.services import record
from portal.billing.deposits import BankFileKind
from portal.billing.models import BankAccount, BankDeposit, BankFile
from portal.billing.services.bank.accounts import applies_itself, registered
from portal.billing.services.bank.cancellations import cancel_pairs
from portal.billing.services.bank.proposing import match_open_deposits
from portal.billing.services.bank.reading import FilePlan, NewDeposit, iso, plan_file
from portal.core import clock
from portal.core.access import Actor
from portal.core.bulk import insert_rows, undisturbed
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.files.enums import Confidentiality
from portal.files.kinds import display_name
from portal.files.models import StoredFile
from portal.jobs.services import enqueue

MEDIA_TYPES = {BankFileKind.CSV: "text/csv"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `is_new` False: this very file was imported before, and nothing was added."""

    file: BankFile
    plan: FilePlan
    is_new: bool


def import_file(*, content: bytes, name: str, account_key: str = "", by: Actor | None) -> Imported:
    """Import a file whole, or refuse it whole; the same file again adds nothing.

    Raises Refused as `plan_file` does, OutOfDate when somebody imports the same deposits at this moment.
    """
    with undisturbed():
        return _import(content, name, account_key, by)


def _import(content: bytes, name: str, account_key: str, by: Actor | None) -> Imported:
    plan = plan_file(content, account_key=account_key)
    if plan.already is not None:
        return Imported(plan.already, plan, is_new=False)
    try:
        with db.session.begin_nested():
            file = _keep(content, name, plan, by)
            _add_deposits(file, plan.new, by)
            match_open_deposits(new_in=file.id)
    except IntegrityError as error:
        raise OutOfDate(_l("Somebody is importing the same deposits right now. Please try again.")) from error
    record(
        verb="bank_file.imported",
        subject=file,
        by=by,
        changes={
            "name": file.name,
            "deposits": file.deposits,
            "cancellations": len(plan.cancellations),
            "known": file.known,
            "total_yen": file.total_yen,
        },
    )
    cancel_pairs(by=by)
    if applies_itself():
        enqueue("billing.apply_sure_deposits")
    return Imported(file, plan, is_new=True)


def _keep(content: bytes, name: str, plan: FilePlan, by: Actor | None) -> BankFile:
    shown = display_name(name)
    kept = StoredFile(
        name=shown,
        media_type=MEDIA_TYPES.get(plan.kind, "text/plain"),
        size=len(content),
        sha256=plan.sha256,
        confidentiality=Confidentiality.RESTRICTED,
        uploaded_by_id=by.id if by else None,
        created_at=clock.now(),
        is_kept=True,
        content=content,
    )
    db.session.add(kept)
    db.session.flush()
    file = BankFile(
        sha256=plan.sha256,
        account_key=plan.account_key,
        file_id=kept.id,
        name=shown,
        kind=plan.kind,
        deposits=len(plan.deposits),
        known=plan.known,
        left_out=plan.left_out,
        total_yen=plan.total_yen,
        imported_at=clock.now(),
        imported_by_id=by.id if by else None,
    )
    db.session.add(file)
    db.session.flush()
    return file


def _add_deposits(file: BankFile, new: Sequence[NewDeposit], by: Actor | None) -> None:
    if not new:
        return
    accounts: dict[str, BankAccount] = {}
    for each in new:
        if each.account.key not in accounts:
            accounts[each.account.key] = registered(each.account, by=by)
    ids = {key: account.id for key, account in accounts.items()}
    insert_rows(BankDeposit, _COLUMNS, [_row(file.id, ids[each.account.key], each) for each in new])


_COLUMNS = (
    "bank_file_id", "bank_account_id", "identity", "line", "booked_on", "value_on", "amount_yen", "payer_name", "payer_code",
    "reference", "bank", "branch", "edi", "remarks", "is_cancellation",
)  # fmt: skip


def _row(file_id: int, account_id: int, new: NewDeposit) -> tuple[object, ...]:
    e = new.entry
    return (
        file_id, account_id, new.identity, e.line, iso(e.booked_on), iso(e.value_on) if e.value_on else None,
        e.amount_yen, e.payer_name[:200], e.payer_code[:40], e.reference[:60], e.bank[:40], e.branch[:40], e.edi[:200],
        e.remarks[:200], e.takes_back,
    )  # fmt: skip
