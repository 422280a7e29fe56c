"""Issuing: once per key, right figures, a kept paper, balanced books."""

from __future__ import annotations

import hashlib

from portal.billing.models import Invoice, Receivable
from portal.core.db import db
from portal.files.models import StoredFile
from tests.support.billing import bill, fee
from tests.support.people import company


def test_issue_invoice_numbers_it_totals_it_and_keeps_the_paper(app):
    invoice = bill(company())
    assert invoice.number.endswith("-000001")
    assert (invoice.net_yen, invoice.tax_yen, invoice.total_yen) == (1_000_000, 100_000, 1_100_000)
    file = db.session.get_one(StoredFile, invoice.file_id)
    assert file.content.startswith(b"%PDF")
    assert hashlib.sha256(file.content).hexdigest() == file.sha256 == invoice.file_sha256
    assert file.is_kept
    assert db.session.get_one(Receivable, invoice.id).outstanding_yen == 1_100_000


def test_issue_invoice_rounds_tax_once_per_rate(app):
    invoice = bill(company(), fee(105), fee(105), fee(105))
    assert invoice.tax_yen == 31


def test_issue_invoice_with_the_same_key_gives_the_first(app):
    one = company()
    first = bill(one, source_key="term:1")
    again = bill(one, fee(7), source_key="term:1")
    assert again.id == first.id
    assert db.session.query(Invoice).count() == 1
