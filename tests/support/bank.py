"""A bank's files for tests: made of transfers, imported by a clerk."""

from __future__ import annotations

from portal.accounts.models import Organisation
from portal.billing.deposits import AliasKind
from portal.billing.models import BankDeposit, DepositStanding, PayerAlias
from portal.billing.queries.bank import UPLOADED
from portal.billing.services.bank.accounts import set_rules
from portal.billing.services.bank.aliases import remember
from portal.billing.services.bank.importing import Imported, import_file
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.zengin import BankFile, Entry, FileForm, FileKind, Header, Statement, transmitted, write
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from tests.support.people import company


def header(**values: object) -> Header:
    """Our account, as the issuer of the tests names it."""
    given = {
        "made_on": clock.today(),
        "from_on": clock.today(),
        "to_on": clock.today(),
        "bank_code": "9990",
        "bank_name": "ｶｸｳｷﾞﾝｺｳ",
        "branch_code": "001",
        "branch_name": "ﾐﾎﾝｼﾃﾝ",
        "deposit_kind": "1",
        "number": "0001234",
        "holder": "ﾐﾎﾝ",
    }
    return Header(**{**given, **values})  # type: ignore[arg-type]


def transfer(amount_yen: int, name: str, **values: object) -> Entry:
    """A transfer that came in today; the name is written as banks write it."""
    given = {"booked_on": clock.today(), "amount_yen": amount_yen, "payer_name": transmitted(name)}
    return Entry(**{**given, **values})  # type: ignore[arg-type]


def bank_file(*entries: Entry, form: FileForm = FileForm.FIXED) -> bytes:
    """A file of kind 01 for our account, of the days of its transfers."""
    days = [each.booked_on for each in entries] or [clock.today()]
    head = header(from_on=min(*days, clock.today()), to_on=min(max(days), clock.today()))
    return write(BankFile(FileKind.NOTICES, form, (Statement(head, entries),)))


def bring(*entries: Entry, by: Actor | None, itself: bool = False) -> Imported:
    """Import a file of these; without `itself` nothing is applied by itself."""
    with transaction():
        set_rules(fee_yen=1000, applies_itself=itself, by=by)
    with transaction():
        return import_file(content=bank_file(*entries), name="ﾌﾘｺﾐ.txt", by=by)


def deposits() -> list[BankDeposit]:
    """Every deposit, in order."""
    rollback()
    return list(db.session.query(BankDeposit).order_by(BankDeposit.id))


def standing(deposit: BankDeposit) -> DepositStanding:
    """Where it stands now."""
    rollback()
    return db.session.get_one(DepositStanding, deposit.id, populate_existing=True)


def know(who: Organisation, name: str, by: Actor) -> None:
    """Somebody has confirmed this name."""
    with transaction():
        remember(AliasKind.NAME, name, who.id, by=by)


def bank_things(by: Actor) -> dict[str, int]:
    """What addresses of the bank's pages name: an undecided deposit, its file, one that waits, a known name, our account."""
    bring(transfer(77_700, "ドコノカイシヤ"), by=by)
    know(company("見本物産株式会社"), "ミホンブツサン", by)
    content = bank_file(transfer(88_800, "ダレカ"))
    with transaction() as session:
        upload = StoredFile(
            name="ﾌﾘｺﾐ.txt",
            media_type=UPLOADED,
            size=len(content),
            sha256="0" * 64,
            confidentiality=Confidentiality.RESTRICTED,
            uploaded_by_id=by.id,
            created_at=clock.now(),
            content=content,
        )
        session.add(upload)
    (deposit,) = deposits()
    return {
        "deposit_id": deposit.id,
        "bank_file_id": deposit.bank_file_id,
        "account_id": deposit.bank_account_id,
        "upload_id": upload.id,
        "alias_id": db.session.query(PayerAlias).one().id,
    }
