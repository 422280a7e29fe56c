"""The age of a claim on a past day is that of the day due that held then: more time does not make it younger in hindsight."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from portal.billing.queries.books.ageing import ages, ages_by_company, open_invoices
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.due_days import give_time
from portal.core.transaction import rollback, transaction
from portal.domain.ageing import Band
from tests.support import renewals as season
from tests.support.billing import bill, issuer
from tests.support.people import company

pytestmark = pytest.mark.database
DUE, FIRST, SECOND = date(2026, 6, 1), date(2026, 9, 30), date(2026, 12, 25)


def test_more_time_counts_from_the_day_on_which_it_was_given(app: Flask) -> None:
    with season.on(date(2026, 4, 20)):
        issuer()
        body = company()
        number = bill(body, not_before=DUE).id
        assert any_invoice(number).due_on == DUE
    for day, until in ((date(2026, 8, 10), FIRST), (date(2026, 11, 2), SECOND)):
        with season.on(day):
            rollback()
            with transaction():
                give_time(any_invoice(number), until, by=None)
    with season.on(date(2026, 11, 20)):
        for on, due, band in (
            (date(2026, 5, 1), DUE, Band.NOT_DUE),
            (date(2026, 8, 9), DUE, Band.DAYS_61_90),
            (date(2026, 8, 10), FIRST, Band.NOT_DUE),
            (date(2026, 11, 1), FIRST, Band.DAYS_31_60),
            (date(2026, 11, 2), SECOND, Band.NOT_DUE),
            (date(2026, 11, 20), SECOND, Band.NOT_DUE),
        ):
            rollback()
            assert {each for each, yen in ages(on).yen.items() if yen} == {band}
            (invoice,) = open_invoices(on, body.id)
            assert invoice[3] == due
            assert len(ages_by_company(on).items) == 1
