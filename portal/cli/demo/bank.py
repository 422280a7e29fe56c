"""The bank in the story: a statement has come in, and two transfers on it wait for somebody's click."""

from __future__ import annotations

from datetime import date

from portal.billing.queries.issuers import issuer_on
from portal.billing.services.bank.importing import import_file
from portal.billing.services.bank.sample import FEE, file_for, transfer
from portal.cli.demo.deeds import Cast, acting, invoice_of
from portal.cli.demo.firms import LATE
from portal.cli.demo.people import CHECKER
from portal.domain.zengin import write


def bring_statement(cast: Cast, year: int, today: date) -> None:
    """The late one has paid, less the bank's fee; and somebody whom nobody knows."""
    issuer, late = issuer_on(today), invoice_of(cast, LATE, year)
    assert issuer is not None
    came = (transfer(late.total_yen - FEE, f"カ){LATE.kana}", 101), transfer(48_000, "ドコカノタロウ", 102))
    content = write(file_for(issuer, came))
    import_file(content=content, name="nyukin.txt", by=acting(cast.office[CHECKER.box]))
