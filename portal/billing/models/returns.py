"""Money that goes back through the payment provider, and money that was lost there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.billing.returns import Booking, OrderKind, OrderOrigin, OrderState
from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.schema import freeze

_ASKING = text("state = 'requested' AND kind = 'balance'")
_UNDER_WAY = text("state IN ('requested', 'refund_pending', 'requires_action')")


class RefundOrder(Base):
    """One refund at the provider. `key` is our name for it there and makes asking twice harmless.

    `booking` says where its money comes from in our books; `refund_id` is the row of the money once it has gone.
    `goes_on`: what reaches the payer's balance is sent on to its bank by an order that follows.
    """

    __tablename__ = "refund_orders"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("provider_id"),
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("uq_refund_orders_asking", "customer", unique=True, sqlite_where=_ASKING, postgresql_where=_ASKING),
        Index("ix_refund_orders_under_way", "id", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
        Index("ix_refund_orders_invoice", "invoice_id", "id"),
        Index("ix_refund_orders_attempt", "attempt_id", "id"),
    )  # fmt: skip

    id: Mapped[intpk]
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[OrderKind] = mapped_column(State(OrderKind))
    origin: Mapped[OrderOrigin] = mapped_column(State(OrderOrigin))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    attempt_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("checkout_attempts.id"))
    customer: Mapped[str | None] = mapped_column(String(120))
    amount_yen: Mapped[yen]
    state: Mapped[OrderState] = mapped_column(State(OrderState), default=OrderState.REQUESTED)
    booking: Mapped[Booking] = mapped_column(State(Booking), default=Booking.NONE)
    goes_on: Mapped[bool] = mapped_column(default=False)
    provider_id: Mapped[str | None] = mapped_column(String(120))
    refund_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("refunds.id"))
    failure: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    settled_on: Mapped[date | None]


class RefundReversal(Base):
    """Money that had gone back to the payer and returned to us."""

    __tablename__ = "refund_reversals"
    __table_args__ = (UniqueConstraint("refund_id"),)

    id: Mapped[intpk]
    refund_id: Mapped[int] = mapped_column(BigKey, ForeignKey("refunds.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    reversed_at: Mapped[datetime]


class PaymentWithdrawal(Base):
    """Money of a payment that the provider took back.

    `settled_yen` had settled the invoice and is owed again, `excess_yen` was an advance; what is left of `amount_yen` had
    gone elsewhere already and is a loss. `source` names what took it, once per payment; of money that had been moved, with
    the invoice where it was.
    """

    __tablename__ = "payment_withdrawals"
    __table_args__ = (
        UniqueConstraint("source", "payment_id"),
        CheckConstraint(
            "amount_yen > 0 AND settled_yen >= 0 AND excess_yen >= 0 AND settled_yen + excess_yen <= amount_yen",
            name="amounts",
        ),
        Index("ix_payment_withdrawals_payment", "payment_id", "id"),
        Index("ix_payment_withdrawals_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    source: Mapped[str] = mapped_column(String(120))
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    amount_yen: Mapped[yen]
    settled_yen: Mapped[yen]
    excess_yen: Mapped[yen]
    created_at: Mapped[datetime]


class WriteOff(Base):
    """A claim that nobody will pay, and why; once per `source`. It may be undone, once (`reversal`)."""

    __tablename__ = "write_offs"
    __table_args__ = (
        UniqueConstraint("source"),
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_write_offs_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    source: Mapped[str] = mapped_column(String(120))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    amount_yen: Mapped[yen]
    reason: Mapped[str] = mapped_column(String(300))
    written_off_on: Mapped[date]
    written_off_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]

    reversal: Mapped[WriteOffReversal | None] = relationship(lazy="raise", viewonly=True, uselist=False)


class WriteOffReversal(Base):
    """A write-off that was undone: the claim is asked for again."""

    __tablename__ = "write_off_reversals"
    __table_args__ = (UniqueConstraint("write_off_id"),)

    id: Mapped[intpk]
    write_off_id: Mapped[int] = mapped_column(BigKey, ForeignKey("write_offs.id"))
    reason: Mapped[str] = mapped_column(String(300))
    reversed_on: Mapped[date]
    reversed_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]


freeze(RefundReversal)
freeze(PaymentWithdrawal)
freeze(WriteOff)
freeze(WriteOffReversal)
