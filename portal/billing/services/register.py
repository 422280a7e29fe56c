"""Every paper enters the register in the transaction that issues or receives it; what is older is taken up later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.engine import Connection

from portal.accounts.models import Organisation
from portal.billing.models import (
    BankAccount,
    BankFile,
    CreditNote,
    Invoice,
    InvoiceRevision,
    IssuerProfile,
    KeptPaper,
    Order,
    Quote,
    Receipt,
)
from portal.billing.register import RECEIVED_ORDER, PaperKind
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.search_keys import party_key
from portal.files.models import StoredFile

AT_ONCE = 500
ISSUED: dict[type[Any], PaperKind] = {
    Quote: PaperKind.QUOTE,
    Order: PaperKind.ORDER_CONFIRMATION,
    Invoice: PaperKind.INVOICE,
    InvoiceRevision: PaperKind.CORRECTED_INVOICE,
    CreditNote: PaperKind.CREDIT_NOTE,
    Receipt: PaperKind.RECEIPT,
}
_BODIES, _ACCOUNTS, _FILES = Organisation.__table__, BankAccount.__table__, StoredFile.__table__


def _names(connection: Connection, organisation_id: int | None) -> tuple[str, ...]:
    if organisation_id is None:
        return ()
    names = select(_BODIES.c.name_ja, _BODIES.c.name_kana, _BODIES.c.name_en)
    found = connection.execute(names.where(_BODIES.c.id == organisation_id)).one_or_none()
    return tuple(found) if found else ()


def _issued(connection: Connection, paper: Any) -> dict[str, Any]:
    name = paper.buyer_name
    return {
        "kind": ISSUED[type(paper)],
        "number": paper.number,
        "belongs_to": _belongs_to(connection, paper),
        "transacted_on": paper.issued_on,
        "amount_yen": paper.received_yen if isinstance(paper, Receipt) else paper.total_yen,
        "party_name": name[:300],
        "party_key": party_key(name, *_names(connection, paper.organisation_id)),
        "organisation_id": paper.organisation_id,
        "created_by_id": paper.issued_by_id,
        "created_at": paper.created_at,
    }


def _belongs_to(connection: Connection, paper: Any) -> str:
    invoice_id = getattr(paper, "invoice_id", None)
    if invoice_id is None:
        return ""
    invoices = Invoice.__table__.c
    return str(connection.scalar(select(invoices.number).where(invoices.id == invoice_id)) or "")


def _our_bank(connection: Connection) -> str:
    """The bank of the account that our invoices name: a file of the Zengin form is of that one, or says so itself."""
    issuers = IssuerProfile.__table__.c
    latest = select(issuers.bank_name, issuers.branch_name).order_by(
        issuers.valid_from.desc(), issuers.id.desc()
    )
    found = connection.execute(latest.limit(1)).one_or_none()
    return " ".join(found).strip() if found else ""


def _bank_file(connection: Connection, file: BankFile) -> dict[str, Any]:
    account = select(_ACCOUNTS.c.name).where(_ACCOUNTS.c.key == file.account_key)
    name = connection.scalar(account) or file.account_key or _our_bank(connection) or file.name
    return {
        "kind": PaperKind.BANK_FILE,
        "number": file.name[:60],
        "belongs_to": file.account_key,
        "transacted_on": file.imported_at.astimezone(OFFICE_ZONE).date(),
        "amount_yen": file.total_yen,
        "party_name": name[:300],
        "party_key": party_key(name, file.account_key),
        "organisation_id": None,
        "created_by_id": file.imported_by_id,
        "created_at": file.imported_at,
    }


READERS: dict[type[Any], Callable[[Connection, Any], dict[str, Any]]] = {
    **dict.fromkeys(ISSUED, _issued),
    BankFile: _bank_file,
}


def _hash_of(source: Any) -> str:
    return str(source.sha256 if isinstance(source, BankFile) else source.file_sha256)


def register_paper(connection: Connection, source: Any) -> None:
    """Write the register's row of an issued or received paper that has just been written itself."""
    row = READERS[type(source)](connection, source) | {
        "source_type": source.__tablename__,
        "source_id": source.id,
        "file_id": source.file_id,
        "file_sha256": _hash_of(source),
    }
    connection.execute(insert(KeptPaper.__table__).values(row))  # type: ignore[arg-type]


def register_received(connection: Connection, order: Order) -> None:
    """Write the row of an order that came on paper: found by the company's own number for it."""
    row = _issued(connection, order) | {
        "kind": PaperKind.ORDER,
        "number": order.purchase_order or order.number,
        "belongs_to": order.number,
        "transacted_on": order.ordered_on,
        "source_type": RECEIVED_ORDER,
        "source_id": order.id,
        "file_id": order.received_file_id,
        "file_sha256": connection.scalar(
            select(_FILES.c.sha256).where(_FILES.c.id == order.received_file_id)
        ),
    }
    connection.execute(insert(KeptPaper.__table__).values(row))  # type: ignore[arg-type]


def _listen(model: type[Any]) -> None:
    @event.listens_for(model, "after_insert")
    def enter(mapper: Any, connection: Connection, source: Any) -> None:
        register_paper(connection, source)
        if isinstance(source, Order) and source.received_file_id is not None:
            register_received(connection, source)


for each in READERS:
    _listen(each)


def unregistered(model: type[Any], most: int) -> Any:
    """The oldest papers of a table that the register does not know."""
    known = select(KeptPaper.source_id).where(KeptPaper.source_type == model.__tablename__)
    statement = select(model).where(model.id.not_in(known)).order_by(model.id).limit(most)
    return db.session.scalars(statement).all()


def register_old_papers() -> int:
    """Take up papers from before there was a register, in transactions of their own; returns how many."""
    taken = _register_old_orders()
    for model in READERS:
        while True:
            with transaction() as session:
                found = unregistered(model, AT_ONCE)
                for source in found:
                    register_paper(session.connection(), source)
            taken += len(found)
            if len(found) < AT_ONCE:
                break
    return taken


def _register_old_orders() -> int:
    """Orders on paper from before they were kept for good."""
    known = select(KeptPaper.source_id).where(KeptPaper.source_type == RECEIVED_ORDER)
    missing = select(Order).where(Order.received_file_id.is_not(None), Order.id.not_in(known))
    with transaction() as session:
        found = session.scalars(missing.order_by(Order.id)).all()
        for order in found:
            keep = update(StoredFile).where(StoredFile.id == order.received_file_id, ~StoredFile.is_kept)
            session.execute(keep.values(is_kept=True))
            register_received(session.connection(), order)
    return len(found)
