"""What a company owns besides its applications: papers, a checkout, offers and links; and what belongs to nobody."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.enums import TokenPurpose
from portal.accounts.models import Invitation, Organisation
from portal.accounts.services.invitations import invite_person
from portal.accounts.services.links import issue_link
from portal.accounts.session import token_hash
from portal.billing.documents import keep_pdf, party
from portal.billing.enums import AttemptState, DifferenceKind, PaymentSource, PayMethod
from portal.billing.models import (
    AdvanceMove,
    CheckoutAttempt,
    Dispute,
    Invoice,
    OrderWay,
    PayerBalance,
    ProviderDifference,
    Quote,
    Receipt,
)
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.versions import latest_version
from portal.billing.returns import DisputeState
from portal.billing.services import create_quote
from portal.billing.services.advances import move_advance
from portal.billing.services.corrections import Correction, correct_invoice
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.orders import order_quote, send_quote
from portal.billing.services.payments import Arrival, take
from portal.billing.services.quotes import compose_quote
from portal.billing.services.returns.writeoffs import write_off
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.documents import PartySnapshot, Period
from portal.domain.terms import FiscalYear
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.membership.enums import RulesKind
from portal.membership.models import Application, Renewal, RenewalLink, RulesVersion, Tier
from portal.membership.services import renewals
from tests.support import billing
from tests.support.marks import YEAR, Mark, Side, Thing, secret_of


def papers_of(body: Organisation, side: Side, paid: Invoice) -> dict[str, Thing]:
    """A quote, an invoice still to pay at a price of its own, and the receipt of the one that is paid."""
    mark = side.mark
    buyer = billing.buyer(
        name=body.name_ja, department=f"{mark.word}経理部", email=f"keiri@{mark.latin}.example"
    )
    owed = billing.bill(
        body, billing.fee(mark.fee_yen), buyer=buyer, subject={"ja": f"{mark.word}の会費", "en": mark.latin}
    )
    year = FiscalYear(YEAR)
    with transaction():
        quote = create_quote(
            organisation=body, buyer=buyer, subject={"ja": "見積", "en": "Quote"}, lines=[billing.fee(mark.fee_yen)],
            period=Period(year.starts_on, year.ends_on), fiscal_year=YEAR, source_key=f"quote:{mark.latin}",
            language="ja", by=None,
        )  # fmt: skip
        attempt = CheckoutAttempt(
            key=secret_of(mark, "checkout"), invoice_id=owed.id, organisation_id=body.id,
            method=PayMethod.BANK_TRANSFER, amount_yen=owed.total_yen, state=AttemptState.AWAITING_TRANSFER, language="ja",
            session_id=f"cs_{mark.latin}", expires_at=clock.now() + timedelta(days=1), created_at=clock.now(),
        )  # fmt: skip
        difference = ProviderDifference(
            kind=DifferenceKind.AMOUNT_DIFFERS,
            reference=f"pi_{mark.latin}",
            invoice_id=owed.id,
            details={},
            found_at=clock.now(),
        )
        db.session.add_all([attempt, difference])
    with transaction():
        whole = any_invoice(owed.id)
        note = issue_credit_note(
            invoice=whole, amounts={whole.lines[0].id: 1_000}, reason=f"{mark.word}への返還", by=None,
            source_key=f"test:{mark.latin}",
        )  # fmt: skip
        paper = latest_version(whole)
        revision = correct_invoice(
            invoice=whole, reason=f"{mark.word}の宛名の誤り", by=None,
            source_key=f"test:{mark.latin}",
            wanted=Correction(
                buyer=party(paper.buyer), subject=paper.subject_ja, purchase_order=f"PO-{mark.latin}", descriptions={}
            ),
        )  # fmt: skip
    moved = _moved_advance(body, buyer, mark)
    with transaction():
        lost = any_invoice(moved.to_invoice_id)
        off = write_off(
            invoice=lost, owed_yen=1_000, reason=f"{mark.word}の貸倒れ", by=None, source=f"test:{mark.latin}"
        )
    ordered = _ordered(body, buyer, mark)
    dispute, balance = _at_the_provider(body, owed, attempt, mark)
    receipt = db.session.scalars(select(Receipt).where(Receipt.invoice_id == paid.id)).one()
    return {
        "invoice_id": owed.id, "quote_id": quote.id, "receipt_id": receipt.id, "payment_id": receipt.payment_id,
        "note_id": note.id, "revision_id": revision.id, "move_id": moved.id, "key": attempt.key, "difference_id": difference.id,
        "dispute_id": dispute.id, "balance_id": balance.id, "write_off_id": off.id, **ordered,
    }  # fmt: skip


def _at_the_provider(
    body: Organisation, owed: Invoice, attempt: CheckoutAttempt, mark: Mark
) -> tuple[Dispute, PayerBalance]:
    """A contested payment to be answered, and 700 yen that came in too much there."""
    now = clock.now()
    dispute = Dispute(
        provider_id=f"dp_{mark.latin}", organisation_id=body.id, invoice_id=owed.id, attempt_id=attempt.id, amount_yen=1_000,
        reason="fraudulent", state=DisputeState.NEEDS_RESPONSE, opened_at=now, evidence_due_at=now + timedelta(days=7),
    )  # fmt: skip
    balance = PayerBalance(
        customer=f"cus_{mark.latin}", organisation_id=body.id, balance_yen=700, seen_at=now
    )
    with transaction() as session:
        session.add_all([dispute, balance])
    return dispute, balance


def _ordered(body: Organisation, buyer: PartySnapshot, mark: Mark) -> dict[str, Thing]:
    """Two quotes of the office: one that may be ordered, one that was."""
    made, day = [], clock.today()
    for n in range(2):
        with transaction():
            quote = compose_quote(
                organisation=body, buyer=buyer, subject={"ja": f"{mark.word}の見積", "en": mark.latin}, lines=[billing.fee(2_000)],
                period=Period(day, day), valid_until=day + timedelta(days=30), due_rule="", payment_terms="",
                invoices_itself=False, source_key=f"office:{mark.latin}:{n}", language="ja", by=None,
            )  # fmt: skip
            send_quote(quote=quote, by=None)
        made.append(quote)
    with transaction():
        came = keep_pdf(b"%PDF-", name=f"{mark.latin}.pdf", organisation_id=body.id)
        order = order_quote(
            quote=made[1], purchase_order=f"PO-{mark.latin}", by=None, way=OrderWay.PAPER, received=came
        )
    return {
        "order_id": order.id, "billing_staff:quote_id": made[0].id, "billing.submit_order:quote_id": made[0].id,
        "billing.decline_quote:quote_id": made[0].id,
    }  # fmt: skip


def _moved_advance(body: Organisation, buyer: PartySnapshot, mark: Mark) -> AdvanceMove:
    """One invoice was paid by 100 yen too much, which another took."""
    given = {"buyer": buyer, "subject": {"ja": f"{mark.word}の講習会", "en": mark.latin}}
    first, second = (billing.bill(body, billing.fee(1_000), **given) for _n in range(2))
    with transaction():
        take(any_invoice(first.id), Arrival(
            source=PaymentSource.BANK, reference=f"test:{mark.latin}", method=PayMethod.PLAIN_TRANSFER, amount_yen=1_200,
            received_on=clock.today(), payer_name=mark.kana,
        ), by=None)  # fmt: skip
        return move_advance(
            source=any_invoice(first.id), target=any_invoice(second.id), amount_yen=100, reason=f"{mark.word}の前受金", by=None,
            source_key=f"test:{mark.latin}",
        )  # fmt: skip


def offers_of(body: Organisation, side: Side, by: Actor) -> dict[str, Thing]:
    """An invitation, and the one-time links that mails carry, with secrets that the tests know."""
    latin = side.mark.latin
    with transaction() as session:
        offer = invite_person(
            organisation=body, email=f"invited@{latin}.example", name="", roles=["participant"], by=by
        )
        offer.token_hash = token_hash(secret := secret_of(side.mark, "invite"))
        session.flush()
        assert isinstance(offer, Invitation)
        who = side.people["participant"].id
        links = {
            f"{purpose.value}_token": issue_link(
                purpose,
                person_id=None if purpose is TokenPurpose.START else who,
                data={
                    "next": "/",
                    "email": f"new@{latin}.example",
                    "name": f"{side.mark.word} 新",
                    "language": "ja",
                },
                secret=secret_of(side.mark, purpose.value),
            )
            for purpose in TokenPurpose
        }
        return {"invitation_id": offer.id, "invitation_token": secret, **links}


def canaries_of(side: Side) -> frozenset[str]:
    """Words, numbers and sums that stand on no page but this company's own and the office's."""
    mine = side.organisation_id
    numbers = [
        *db.session.scalars(select(Invoice.number).where(Invoice.organisation_id == mine)),
        *db.session.scalars(select(Quote.number).where(Quote.organisation_id == mine)),
        *db.session.scalars(select(Receipt.number).where(Receipt.organisation_id == mine)),
        *db.session.scalars(select(Application.receipt_number).where(Application.organisation_id == mine)),
    ]
    mark, body = side.mark, db.session.get_one(Organisation, mine)
    sums = [f"{mark.fee_yen:,}", f"{mark.fee_yen * 11 // 10:,}", str(mark.fee_yen)]
    words = [mark.word, mark.kana, mark.latin, mark.latin.title(), str(body.corporate_number), *sums]
    return frozenset([*words, *(str(n) for n in numbers if n)])


def renew_all(sides: list[Side]) -> dict[str, Thing]:
    """A campaign in which both companies have an offer, and a link in a mail of each whose secret the tests know."""
    with transaction():
        campaign = renewals.create_campaign(
            fiscal_year=YEAR + 1, offers_on=clock.today(), deadline_on=clock.today() + timedelta(days=90),
            grace_days=30, suspension_days=30, ladder=[-30, 0, 14], by=None,
        )  # fmt: skip
        for renewal in db.session.scalars(select(Renewal).order_by(Renewal.id)):
            renewals.advance_renewal(renewal.id)
    for side in sides:
        with transaction() as session:
            mine = Renewal.organisation_id == side.organisation_id
            renewal = session.scalars(select(Renewal).where(mine)).one()
            person_id = side.people["company_admin"].id
            sent = (RenewalLink.renewal_id == renewal.id, RenewalLink.person_id == person_id)
            link = session.scalars(select(RenewalLink).where(*sent)).one()
            link.token_hash = token_hash(secret := secret_of(side.mark, "renewal"))
        side.things |= {"renewal_id": renewal.id, "renewal_token": secret}
    return {"campaign_id": campaign.id}


def shared_things() -> dict[str, Thing]:
    """What stands in addresses and belongs to nobody."""
    tier = db.session.scalars(select(Tier).order_by(Tier.id)).first()
    rules = db.session.scalars(select(RulesVersion).order_by(RulesVersion.id)).first()
    assert tier is not None
    assert rules is not None
    with transaction() as session:
        failed = Job(
            name="notifications.deliver", arguments={"message_id": 1}, state=JobState.FAILED, attempts=12, created_at=clock.now(),
            run_after=clock.now(), last_error="OSError: SMTP_URL is not set",
        )  # fmt: skip
        session.add(failed)
    return {
        "job_id": failed.id,
        "tier_id": tier.id,
        "code": tier.code,
        "version_id": rules.id,
        "fiscal_year": YEAR,
        "year": YEAR,
        "page": "company",  # a step of an application
        "filename": "css/renkei.css",
        "method": PayMethod.CARD.value,
        "kind": RulesKind.MEMBERSHIP_RULES.value,
        "billing_staff.export_invoices:kind": "csv",
        "message_id": 1,
    }
