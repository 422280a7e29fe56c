"""A national network to measure against: 10,000 companies, 100,000 people, their terms, applications and invoices."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, NumberSeries, Receivable
from portal.core import clock
from portal.core.db import Base
from portal.core.transaction import transaction
from portal.domain.application_flow import ApplicationState
from portal.domain.numbering import DocumentKind
from portal.domain.organisation_numbers import check_digit
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.membership.models import Application, ApplicationWindow, ContractTerm, Tier
from portal.membership.services import load_tiers_from_facts

COMPANIES = 10_000
PEOPLE_EACH = 10
YEAR = 2026
BATCH = 5_000
STATES = tuple(ApplicationState)
OWED = tuple(ReceivableState)


def load(companies: int = COMPANIES) -> float:
    """Fill an empty database; returns the seconds it took."""
    began = time.perf_counter()
    with transaction() as session:
        load_tiers_from_facts()
        session.flush()
        tier = session.query(Tier).filter_by(code="A").one()
        snapshot = tier.snapshot().as_document()
        tier_id = tier.id
    for table, rows in (
        (Organisation, _organisations(companies)),
        (Person, _people(companies)),
        (Affiliation, _affiliations(companies)),
        (StoredFile, _one_file()),
        (ApplicationWindow, _windows(companies)),
        (Application, _applications(companies, tier_id)),
        (ContractTerm, _terms(companies, tier_id, snapshot)),
        (Invoice, _invoices(companies)),
        (Receivable, _receivables(companies)),
        (NumberSeries, iter([{"kind": DocumentKind.INVOICE, "fiscal_year": YEAR, "last": companies}])),
    ):
        _insert(table, rows)
    _count_on()
    return time.perf_counter() - began


def _insert(table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, BATCH)):
        with transaction() as session:
            session.execute(insert(table), batch)


def _count_on() -> None:
    """PostgreSQL's sequences know nothing of numbers that were given; and its planner nothing of what was loaded."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            for table in (Organisation, Person, StoredFile, Application, Invoice):
                name = table.__tablename__
                session.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
                )
            session.execute(text("ANALYZE"))


def _organisations(companies: int) -> Iterator[dict[str, Any]]:
    for n in range(1, companies + 1):
        base = f"{700_000_000_000 + n}"
        yield {
            "id": n,
            "kind": OrganisationKind.COMPANY,
            "corporate_number": f"{check_digit(base)}{base}",
            "name_ja": f"計測用企業第{n}株式会社",
            "name_kana": f"ケイソクヨウ{n * 7919 % companies:06d}",
            "name_en": f"Measured Company {n} K.K.",
            "created_at": clock.now(),
        }


def _people(companies: int) -> Iterator[dict[str, Any]]:
    for n in range(1, companies * PEOPLE_EACH + 1):
        email = f"person{n}@company{(n - 1) // PEOPLE_EACH + 1}.example"
        yield {
            "id": n,
            "email": email,
            "email_key": email,
            "name": f"計測 太郎{n}",
            "name_kana": f"ケイソク タロウ{n}",
            "language": "ja",
            "created_at": clock.now(),
        }


def _affiliations(companies: int) -> Iterator[dict[str, Any]]:
    for n in range(1, companies * PEOPLE_EACH + 1):
        first = (n - 1) % PEOPLE_EACH == 0
        yield {
            "person_id": n,
            "organisation_id": (n - 1) // PEOPLE_EACH + 1,
            "role": Role.COMPANY_ADMIN if first else Role.PARTICIPANT,
            "starts_on": date(YEAR, 4, 1),
        }


def _one_file() -> Iterator[dict[str, Any]]:
    yield {
        "id": 1,
        "name": "invoice.pdf",
        "media_type": "application/pdf",
        "size": 3,
        "sha256": "0" * 64,
        "confidentiality": Confidentiality.ORGANISATION,
        "created_at": clock.now(),
        "is_kept": True,
        "content": b"PDF",
    }


def _windows(companies: int) -> Iterator[dict[str, Any]]:
    """This year's is over, the next one's is open."""
    for year in (YEAR, YEAR + 1):
        yield {
            "fiscal_year": year,
            "opens_at": clock.now() - timedelta(days=365 * (YEAR + 1 - year) + 30),
            "closes_at": clock.now() + timedelta(days=90 - 365 * (YEAR + 1 - year)),
            "places": companies * 2,
        }


def _applications(companies: int, tier_id: int) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for n in range(1, companies + 1):
        moment = now - timedelta(minutes=n)
        yield {
            "id": n,
            "fiscal_year": YEAR,
            "organisation_id": n,
            "state": STATES[n % len(STATES)],
            "once_key": f"bench-{n}",
            "started_by_id": (n - 1) * PEOPLE_EACH + 1,
            "receipt_number": f"APP-{YEAR}-{n:06d}",
            "revision": 1,
            "tier_id": tier_id,
            "draft": {"company": {"name_ja": f"計測用企業第{n}株式会社"}},
            "created_at": moment,
            "moved_at": moment,
            "submitted_at": moment,
        }


def _terms(companies: int, tier_id: int, snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for n in range(1, companies + 1):
        yield {
            "organisation_id": n,
            "fiscal_year": YEAR,
            "application_id": n,
            "tier_id": tier_id,
            "tier_code": "A",
            "tier_snapshot": snapshot,
            "price": {"net_yen": 2_000_000, "tax_yen": 200_000, "total_yen": 2_200_000},
            "starts_on": date(YEAR, 4, 1),
            "ends_on": date(YEAR + 1, 3, 31),
            "activated_on": date(YEAR, 5, 1) if n % 5 else None,
            "created_at": clock.now(),
        }


def _invoices(companies: int) -> Iterator[dict[str, Any]]:
    for n in range(1, companies + 1):
        yield {
            "id": n,
            "number": f"INV-{YEAR}-{n:06d}",
            "series_year": YEAR,
            "series_sequence": n,
            "issued_on": date(YEAR, 4, 1) + timedelta(days=n % 200),
            "language": "ja",
            "subject_ja": f"{YEAR}年度 年会費",
            "subject_en": f"Annual fee FY{YEAR}",
            "period_from": date(YEAR, 4, 1),
            "period_to": date(YEAR + 1, 3, 31),
            "issuer": {},
            "buyer": {"name": f"計測用企業第{n}株式会社"},
            "tax_rows": [],
            "net_yen": 2_000_000,
            "tax_yen": 200_000,
            "total_yen": 2_200_000,
            "file_id": 1,
            "file_sha256": "0" * 64,
            "created_at": clock.now(),
            "organisation_id": n,
            "source_key": f"bench:{n}",
            "fiscal_year": YEAR,
            "due_on": date(YEAR, 5, 31) + timedelta(days=n % 200),
            "rounding": "floor",
        }


def _receivables(companies: int) -> Iterator[dict[str, Any]]:
    for n in range(1, companies + 1):
        paid = n % 3 == 0
        yield {
            "invoice_id": n,
            "organisation_id": n,
            "due_on": date(YEAR, 5, 31) + timedelta(days=n % 200),
            "total_yen": 2_200_000,
            "outstanding_yen": 0 if paid else 2_200_000,
            "state": OWED[0] if not paid else ReceivableState.PAID,
        }
