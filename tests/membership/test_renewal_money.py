"""What a campaign was asked for and has been paid follows its credit notes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.billing.queries.invoices import any_invoice
from portal.billing.services.credits import issue_credit_note
from portal.core.transaction import rollback, transaction
from portal.membership.queries.renewal_board import funnel_of
from portal.membership.queries.renewals import receivable_of
from tests.support import renewals as season

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def test_what_was_given_back_is_neither_agreed_nor_paid() -> None:
    admins = [season.member(name_ja=f"株式会社{n}番") for n in "一二"]
    campaign = season.begin()
    season.look(season.OFFERS)
    paid, _owed = season.renew(admins[0]), season.renew(admins[1], tier_code="C")
    term_id = paid.id
    season.pay(paid)
    rollback()
    assert funnel_of(campaign.id).agreed_yen == 2_750_000
    found = receivable_of(term_id)
    assert found is not None
    number = found[0].id
    line = any_invoice(number).lines[0].id
    rollback()
    with transaction():
        issue_credit_note(
            invoice=any_invoice(number), amounts={line: 100_000}, reason="値引", by=None, source_key="part"
        )
    rollback()
    funnel = funnel_of(campaign.id)
    assert (funnel.agreed_yen, funnel.paid_yen, funnel.paid) == (2_640_000, 2_090_000, 1)
