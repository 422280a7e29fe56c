"""The invented consortium itself: office, issuer, tiers, windows, rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.accounts.models import Person
from portal.accounts.services import add_person, affiliate
from portal.accounts.services.office import own_office
from portal.billing.enums import FeeProduct
from portal.billing.services import set_issuer_profile, set_tax_treatment
from portal.cli.demo import wordings
from portal.cli.demo.people import NEWCOMER, NEWCOMER_DOMAIN, OFFICE, OFFICE_DOMAIN, Human
from portal.core.clock import OFFICE_ZONE
from portal.domain.organisation_numbers import check_digit
from portal.domain.tax import TaxCategory
from portal.hubs.services import load_hubs_from_facts
from portal.membership.enums import RulesKind
from portal.membership.services import load_tiers_from_facts, publish_rules, save_window

PLACES = 40
ISSUER_BASE = "999900000999"  # registry office 9999 does not exist
PAST_YEARS = 2


def found_house(year: int, founded_on: date) -> None:
    """Institutions and hubs from the facts, tiers from the facts, the issuer, the first wordings."""
    load_hubs_from_facts()
    load_tiers_from_facts()
    _enter_issuer(founded_on)
    for kind in RulesKind:
        text_ja, text_en = wordings.FIRST[kind]
        publish_rules(
            kind=kind, version=f"{year - PAST_YEARS}-1", text_ja=text_ja, text_en=text_en,
            effective_on=founded_on, by=None,
        )  # fmt: skip


def renew_rules(year: int, on: date) -> None:
    """A second wording of the membership rules, so that versions are to be seen."""
    text_ja, text_en = wordings.SECOND
    publish_rules(
        kind=RulesKind.MEMBERSHIP_RULES,
        version=f"{year}-1",
        text_ja=text_ja,
        text_en=text_en,
        effective_on=on,
        by=None,
    )


def staff_office() -> dict[str, Person]:
    """The people of the office by their mailbox names."""
    office = own_office()
    found = {}
    for human in OFFICE:
        person = welcome(human, OFFICE_DOMAIN)
        for role in human.roles:
            affiliate(person, office, role, title=human.title)
        found[human.box] = person
    return found


def welcome(human: Human, domain: str) -> Person:
    """The person of this address, added when new."""
    return add_person(
        email=human.address(domain),
        name=human.name,
        name_kana=human.kana,
        telephone="00-0000-0000",
        language=human.language,
    )


def welcome_newcomer() -> Person:
    """Somebody who has signed up and belongs to no company yet."""
    return welcome(NEWCOMER, NEWCOMER_DOMAIN)


def open_windows(year: int, today: date, opens_on: date) -> None:
    """The windows of the past years, the one that is open now, and the next one with its priority."""
    for past in range(year - PAST_YEARS, year):
        save_window(
            fiscal_year=past,
            opens_at=_start(date(past, 2, 1)),
            closes_at=_end(date(past, 6, 30)),
            places=PLACES,
            by=None,
        )
    last = max(date(year + 1, 1, 31), min(today + timedelta(days=45), date(year + 1, 3, 31)))
    save_window(
        fiscal_year=year, opens_at=_start(opens_on), closes_at=_end(last), places=PLACES,
        priority_until=_end(max(opens_on, date(year, 2, 28))), by=None,
    )  # fmt: skip
    save_window(
        fiscal_year=year + 1, opens_at=_start(date(year + 1, 2, 1)), closes_at=_end(date(year + 1, 6, 30)), places=PLACES,
        priority_until=_end(date(year + 1, 2, 28)), by=None,
    )  # fmt: skip


def _enter_issuer(founded_on: date) -> None:
    set_issuer_profile(
        valid_from=founded_on,
        by=None,
        name_ja="医療データ科学コンソーシアム（デモ）",
        name_en="Medical Data Science Consortium (Demo)",
        registration_number=f"T{check_digit(ISSUER_BASE)}{ISSUER_BASE}",
        postal_code="000-0000",
        address_ja="見本県見本市架空町1丁目1番1号 見本大学内",
        address_en="Mihon University, 1-1-1 Kakuu-cho, Mihon City",
        department="事務局",
        department_en="Secretariat Office",
        telephone="00-0000-0000",
        email=f"office@{OFFICE_DOMAIN}",
        bank_name="架空銀行",
        bank_name_en="Kakuu Bank",
        bank_code="9999",
        branch_name="見本支店",
        branch_name_en="Mihon Branch",
        branch_code="999",
        account_number="0000001",
        account_holder="イリヨウデータカガクコンソーシアム",
        account_holder_en="Iryo Data Kagaku Consortium",
    )
    set_tax_treatment(
        product=FeeProduct.MEMBERSHIP, valid_from=founded_on, category=TaxCategory.STANDARD_10, by=None,
        notice_ja=wordings.TAX_NOTICE[0], notice_en=wordings.TAX_NOTICE[1],
    )  # fmt: skip


def _start(day: date) -> datetime:
    return datetime.combine(day, time(9, 0), OFFICE_ZONE)


def _end(day: date) -> datetime:
    return datetime.combine(day, time(17, 0), OFFICE_ZONE)
