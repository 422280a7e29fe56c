"""The renewals in the story: a campaign that runs, one whose deadline is past, and members at several places of both."""

from __future__ import annotations

from datetime import date, timedelta

from portal.accounts.models import Organisation
from portal.billing.services.payments import record_bank_payment
from portal.cli.demo.deeds import Cast, acting, administrator, organisation_of
from portal.cli.demo.firms import Firm
from portal.cli.demo.house import welcome
from portal.cli.demo.people import CHECKER
from portal.core import clock
from portal.domain.reminder_ladder import USUAL_LADDER
from portal.membership.models import Renewal
from portal.membership.queries import current_rules
from portal.membership.queries.renewals import receivable_of, renewal_in
from portal.membership.renewing import DeclineReason
from portal.membership.services import renewals

OFFERED, ANSWERS, REMINDED = 50, 40, 20  # days before today, after it, before it
PAST_OFFERED, PAST_ANSWERS = 134, 90  # days before today


def begin(cast: Cast, year: int, offers_on: date, deadline_on: date) -> None:
    """The administrator plans the renewals for a fiscal year."""
    renewals.create_campaign(
        fiscal_year=year, offers_on=offers_on, deadline_on=deadline_on, grace_days=30, suspension_days=30,
        ladder=USUAL_LADDER, by=administrator(cast),
    )  # fmt: skip


def look(cast: Cast) -> None:
    """A morning on which the portal looks at its calendar."""
    renewals.look_at_the_calendar()


def renew(cast: Cast, firm: Firm, year: int, tier_code: str = "") -> None:
    """The company renews, at the offered tier or another."""
    renewals.renew(
        renewal=_renewal(firm, year),
        accepted=[version.id for version in current_rules().values()],
        by=acting(welcome(firm.people[0], firm.domain)),
        tier_code=tier_code,
        purchase_order=firm.purchase_order,
    )


def pay(cast: Cast, firm: Firm, year: int) -> None:
    """The fee arrives."""
    renewal = _renewal(firm, year)
    found = receivable_of(renewal.term_id) if renewal.term_id else None
    assert found is not None
    invoice = found[0]
    record_bank_payment(
        invoice=invoice, amount_yen=invoice.total_yen, received_on=clock.today() - timedelta(days=1),
        payer_name=firm.kana, by=acting(cast.office[CHECKER.box]), once=f"demo-renewal-{firm.serial}-{year}",
    )  # fmt: skip


def decline(cast: Cast, firm: Firm, year: int) -> None:
    """The company does not renew, and says why."""
    renewals.decline(
        renewal=_renewal(firm, year),
        reason=DeclineReason.BUDGET,
        note="来年度の予算が縮小されたため、今回は見送ります。",
        by=acting(welcome(firm.people[0], firm.domain)),
    )


def give_time(cast: Cast, firm: Firm, year: int, until: date, reason: str) -> None:
    """The secretariat gives one company more time, for its answer or for the money."""
    renewals.extend(
        renewal=_renewal(firm, year), until=until, reason=reason, by=acting(cast.office[CHECKER.box])
    )


def _renewal(firm: Firm, year: int) -> Renewal:
    organisation: Organisation | None = organisation_of(firm)
    found = renewal_in(organisation.id, year) if organisation else None
    assert found is not None
    return found
