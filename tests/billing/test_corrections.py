"""The words of an invoice are corrected on a new paper that names the one before; the claim stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.documents import party
from portal.billing.models import Invoice, InvoiceRevision, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice, paper, receipts_of
from portal.billing.queries.verification import document_problems
from portal.billing.queries.versions import latest_version, revisions_of
from portal.billing.services.corrections import Correction, changes_of, correct_invoice
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.support.billing import bill
from tests.support.pdf_text import text_of
from tests.support.people import actor_of, browser_of, company, person, staff


@pytest.fixture
def clerk(app: Flask) -> Actor:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def invoice(app: Flask) -> Invoice:
    return bill(company("架空製薬株式会社"), purchase_order="PO-1")


def wanted(invoice: Invoice, **changes: Any) -> Correction:
    """As it stands, but for `changes`."""
    now = latest_version(invoice)
    as_is = Correction(
        buyer=party(now.buyer),
        subject=now.subject(invoice.language),
        purchase_order=now.purchase_order,
        descriptions={},
    )
    return replace(as_is, **changes)


def correct(
    invoice: Invoice, clerk: Actor, key: str = "k", reason: str = "宛名の誤り", **changes: Any
) -> InvoiceRevision:
    with transaction():
        whole = any_invoice(invoice.id)
        return correct_invoice(
            invoice=whole, wanted=wanted(whole, **changes), reason=reason, by=clerk, source_key=f"test:{invoice.id}:{key}"
        )  # fmt: skip


def renamed(invoice: Invoice, name: str) -> Any:
    return replace(party(latest_version(invoice).buyer), name=name)


def holds() -> None:
    rollback()
    assert book_problems() == []
    assert document_problems() == []


def test_a_correction_names_what_it_replaces_and_keeps_both(invoice: Invoice, clerk: Actor) -> None:
    first = correct(invoice, clerk, buyer=renamed(invoice, "架空メディカル株式会社"))
    second = correct(invoice, clerk, key="2", purchase_order="PO-2", descriptions={1: "年会費（A会員）"})
    assert [first.number, second.number] == [f"{invoice.number}-1", f"{invoice.number}-2"]
    text = text_of(paper(second.file_id).content)
    assert f"請求書{first.number}を修正し" in text.replace(" ", "")
    for word in ("架空メディカル株式会社", "PO-2", "年会費（A会員）", "1,100,000"):
        assert word in text
    assert "架空製薬株式会社" in text_of(paper(any_invoice(invoice.id).file_id).content)
    assert [each.revision for each in revisions_of(invoice)] == [1, 2]
    assert (second.replaces_number, second.replaces_issued_on) == (first.number, first.issued_on)
    holds()


def test_the_claim_and_the_numbers_stay_as_they_are(invoice: Invoice, clerk: Actor) -> None:
    before = db.session.get_one(Receivable, invoice.id).debt
    correct(invoice, clerk, purchase_order="PO-9")
    rollback()
    assert db.session.get_one(Receivable, invoice.id, populate_existing=True).debt == before
    assert bill(company()).series_sequence == invoice.series_sequence + 1
    holds()


def test_receipts_and_credit_notes_speak_as_the_last_correction(invoice: Invoice, clerk: Actor) -> None:
    correct(
        invoice, clerk, buyer=renamed(invoice, "架空メディカル株式会社"), descriptions={1: "年会費（A会員）"}
    )
    with transaction():
        whole = any_invoice(invoice.id)
        record_bank_payment(
            invoice=whole, amount_yen=1_100_000, received_on=clock.today(), payer_name="", by=clerk, once="p"
        )  # fmt: skip
    with transaction():
        whole = any_invoice(invoice.id)
        note = issue_credit_note(
            invoice=whole, amounts=left_of_lines(whole), reason="取消", by=clerk, source_key="test:n"
        )  # fmt: skip
    (receipt,) = receipts_of(invoice)
    assert [receipt.buyer["name"], note.buyer["name"]] == ["架空メディカル株式会社"] * 2
    assert note.lines[0]["description_ja"] == "年会費（A会員）"
    assert f"{invoice.number}-1" in text_of(paper(note.file_id).content)
    holds()


def test_nothing_changed_and_no_reason_are_refused(invoice: Invoice, clerk: Actor) -> None:
    with pytest.raises(Refused):
        correct(invoice, clerk)
    with pytest.raises(Refused) as refused:
        correct(invoice, clerk, reason=" ", purchase_order="PO-2")
    assert refused.value.field == "reason"
    assert revisions_of(invoice) == []


def test_the_same_form_sent_twice_corrects_once(invoice: Invoice, clerk: Actor) -> None:
    twice = [correct(invoice, clerk, purchase_order="PO-2").id for _n in range(2)]
    assert len(set(twice)) == 1


def test_mails_go_to_the_corrected_address(invoice: Invoice, clerk: Actor, run_jobs: Any) -> None:
    buyer = replace(party(invoice.buyer), email="new@kakuu.example")
    correct(invoice, clerk, buyer=buyer)
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=1, received_on=clock.today(), payer_name="", by=clerk, once="p"
        )  # fmt: skip
    with clock.frozen(clock.now() + timedelta(minutes=15)):
        run_jobs()
    rollback()
    sent = {message.event: message.address for message in db.session.query(Message)}
    assert sent["billing/invoice_corrected"] == sent["billing/part_payment"] == "new@kakuu.example"


def test_what_changes_is_named_by_field(invoice: Invoice) -> None:
    changes = changes_of(
        any_invoice(invoice.id), wanted(invoice, purchase_order="PO-2", descriptions={1: "会費"})
    )
    assert [(each.field, each.old, each.new) for each in changes] == [
        ("purchase_order", "PO-1", "PO-2"),
        ("line_1", "年会費", "会費"),
    ]


def test_the_office_previews_and_issues_and_the_company_reads_it(app: Flask, invoice: Invoice) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    office = browser_of(app, staff(Role.SECRETARIAT))
    url = f"/staff/billing/invoices/{invoice.id}"
    typed = {
        "name": "架空メディカル株式会社", "subject": "会費", "line_1": "年会費", "reason": "宛名の誤り", "once": "e" * 32,
        "purchase_order": "PO-1", "department": "経理部", "email": "keiri@kakuu.example",
    }  # fmt: skip
    try:
        assert "架空製薬株式会社" in office.get(f"{url}/correct").get_data(as_text=True)
        preview = office.post(f"{url}/correct/preview", data=typed)
        assert (preview.status_code, db.session.query(InvoiceRevision).count()) == (200, 0)
        same = typed | {"name": "架空製薬株式会社"}
        for wrong in (same, typed | {"name": ""}, typed | {"reason": ""}, typed | {"name": "😀"}):
            assert office.post(f"{url}/correct/preview", data=wrong).status_code == 422
        for _again in range(2):
            assert office.post(f"{url}/correct", data=typed).status_code == 303
        rollback()
        (revision,) = revisions_of(any_invoice(invoice.id))
        file = f"/billing/corrected-invoices/{revision.id}/file"
        assert office.post(f"/staff{file}").data[:4] == b"%PDF"
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    rollback()
    (revision,) = revisions_of(invoice)
    reader = browser_of(app, person(at=any_invoice(invoice.id).organisation, roles=(Role.BILLING,)))
    stranger = browser_of(app, person(at=company(), roles=(Role.BILLING,)))
    assert revision.number in reader.get(f"/billing/invoices/{invoice.id}").get_data(as_text=True)
    assert [each.get(file).status_code for each in (reader, stranger)] == [200, 404]
