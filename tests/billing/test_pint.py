"""JP PINT of issued papers: the company's own, the office's with an entry in the trail, refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.audit.models import AuditEntry
from portal.billing.documents import party
from portal.billing.models import CreditNote, Invoice, InvoiceRevision
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.versions import latest_version
from portal.billing.services import pint
from portal.billing.services.corrections import Correction, correct_invoice
from portal.billing.services.credits import issue_credit_note
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from tests.golden.pint_rules import broken_rules
from tests.support.billing import bill, fee, issuer
from tests.support.people import browser_of, company, person, staff


@pytest.fixture(autouse=True)
def no_csrf(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def paper(app: Flask) -> Invoice:
    return bill(company("架空製薬株式会社"), fee(1_000_055), fee(30_000, category=TaxCategory.OUT_OF_SCOPE))


def corrected(invoice: Invoice) -> InvoiceRevision:
    with transaction():
        whole = any_invoice(invoice.id)
        now = latest_version(whole)
        return correct_invoice(
            invoice=whole, reason="宛名の誤り", by=None, source_key="test:revision",
            wanted=Correction(buyer=party(now.buyer), subject=now.subject_ja, purchase_order="PO-1", descriptions={}),
        )  # fmt: skip


def credited(invoice: Invoice) -> CreditNote:
    with transaction():
        whole = any_invoice(invoice.id)
        amounts = {whole.lines[0].id: 1_005, whole.lines[1].id: 500}
        return issue_credit_note(
            invoice=whole, amounts=amounts, reason="減額", by=None, source_key="test:note"
        )


def test_every_paper_keeps_the_rules_and_names_the_one_before(paper: Invoice) -> None:
    whole = any_invoice(paper.id)
    first = pint.version_pint(whole, whole)
    assert broken_rules(first) == []
    rollback()
    early = credited(paper)
    rollback()
    revision = corrected(paper)
    rollback()
    second = pint.version_pint(revision, any_invoice(paper.id))
    note = pint.credit_note_pint(early)
    assert (broken_rules(second), broken_rules(note)) == ([], [])
    assert f"<cbc:ID>{paper.number}</cbc:ID>" in second.decode()
    assert f"<cbc:ID>{paper.number}</cbc:ID>" in note.decode()
    assert "<cbc:ID>PO-1</cbc:ID>" in second.decode()


def test_the_company_and_the_office_save_it(app: Flask, paper: Invoice) -> None:
    note = credited(paper)
    own = browser_of(
        app, person(at=db.session.get_one(Organisation, paper.organisation_id), roles=(Role.BILLING,))
    )
    office = browser_of(app, staff(Role.SECRETARIAT))
    for path in (f"/billing/invoices/{paper.id}/pint", f"/billing/credit-notes/{note.id}/pint"):
        mine, theirs = own.get(path), office.post(f"/staff{path}")
        assert (mine.status_code, theirs.status_code) == (200, 200)
        assert mine.data == theirs.data
        assert mine.headers["Content-Disposition"].startswith("attachment")
        assert mine.mimetype == "application/xml"
    rollback()
    opened = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "paper.opened")).all()
    assert [entry.changes["number"] for entry in opened] == [paper.number, note.number]
    assert "JP PINT" in own.get(f"/billing/invoices/{paper.id}").text
    assert "JP PINT" in office.get(f"/staff/billing/invoices/{paper.id}").text


def test_a_company_without_a_number_reads_why(app: Flask) -> None:
    body = company("番号のない会社", corporate_number=None)
    paper = bill(body)
    answer = browser_of(app, staff(Role.SECRETARIAT)).post(f"/staff/billing/invoices/{paper.id}/pint")
    assert (answer.status_code, "法人番号" in answer.text or "corporate number" in answer.text) == (422, True)


def test_an_unregistered_issuer_states_no_tax(app: Flask) -> None:
    issuer(registration_number="")
    paper = any_invoice(bill(company("架空製薬株式会社"), fee(1_000)).id)
    with pytest.raises(Refused):
        pint.version_pint(paper, paper)
    rollback()
    with transaction() as session:
        from portal.accounts.services.office import own_office

        own_office().corporate_number = "7123456789012"
        session.flush()
    paper = any_invoice(paper.id)
    xml = pint.version_pint(paper, paper)
    assert broken_rules(xml) == []
    assert "nontaxinvoice-1@jp-1" in xml.decode()


@pytest.mark.parametrize("kind", ["invoices", "receipts"])
def test_the_office_opens_papers_by_post_alone(app: Flask, paper: Invoice, kind: str) -> None:
    office = browser_of(app, staff(Role.SECRETARIAT))
    assert office.get(f"/staff/billing/{kind}/{paper.id}/file").status_code == 405
    if kind == "invoices":
        answer: Any = office.post(f"/staff/billing/{kind}/{paper.id}/file")
        assert answer.data[:4] == b"%PDF"
        rollback()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "paper.opened")).one()
        assert entry.changes == {"number": paper.number}
