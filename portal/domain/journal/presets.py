"""Layouts in the shapes that accounting programs in Japan commonly take, with usual names of accounts to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.journal.layouts import AccountCode, Column, DayFormat, Field, Layout, Letters, Shape
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory


class Preset(StrEnum):
    """The shapes."""

    SIDE_BY_SIDE = "side_by_side"
    FLAGGED = "flagged"
    CODED = "coded"
    ONE_SIDE = "one_side"


F = Field
_PAIR: tuple[tuple[str, Field | str], ...] = (
    ("取引No", F.SLIP), ("取引日", F.DAY),
    ("借方勘定科目", F.DEBIT_NAME), ("借方補助科目", F.DEBIT_SUB), ("借方部門", F.DEBIT_DEPARTMENT),
    ("借方税区分", F.DEBIT_TAX), ("借方金額(円)", F.DEBIT_AMOUNT),
    ("貸方勘定科目", F.CREDIT_NAME), ("貸方補助科目", F.CREDIT_SUB), ("貸方部門", F.CREDIT_DEPARTMENT),
    ("貸方税区分", F.CREDIT_TAX), ("貸方金額(円)", F.CREDIT_AMOUNT),
    ("摘要", F.MEMO), ("取引先", F.PARTNER), ("管理番号", F.DOCUMENT),
)  # fmt: skip
_FLAGGED: tuple[tuple[str, Field | str], ...] = (
    ("識別フラグ", "2000"), ("伝票No", F.SLIP), ("決算", ""), ("取引日付", F.DAY),
    ("借方勘定科目", F.DEBIT_NAME), ("借方補助科目", F.DEBIT_SUB), ("借方部門", F.DEBIT_DEPARTMENT),
    ("借方税区分", F.DEBIT_TAX), ("借方金額", F.DEBIT_AMOUNT), ("借方税金額", ""),
    ("貸方勘定科目", F.CREDIT_NAME), ("貸方補助科目", F.CREDIT_SUB), ("貸方部門", F.CREDIT_DEPARTMENT),
    ("貸方税区分", F.CREDIT_TAX), ("貸方金額", F.CREDIT_AMOUNT), ("貸方税金額", ""),
    ("摘要", F.MEMO), ("番号", F.DOCUMENT), ("期日", ""), ("タイプ", "0"), ("生成元", ""), ("仕訳メモ", F.EVENT),
    ("付箋1", "0"), ("付箋2", "0"), ("調整", "no"),
)  # fmt: skip
_CODED: tuple[tuple[str, Field | str], ...] = (
    ("伝票日付", F.DAY), ("伝票番号", F.SLIP), ("行番号", F.ROW),
    ("借方部門コード", F.DEBIT_DEPARTMENT), ("借方科目コード", F.DEBIT_CODE), ("借方補助コード", F.DEBIT_SUB),
    ("借方税区分コード", F.DEBIT_TAX), ("借方金額", F.DEBIT_AMOUNT),
    ("貸方部門コード", F.CREDIT_DEPARTMENT), ("貸方科目コード", F.CREDIT_CODE), ("貸方補助コード", F.CREDIT_SUB),
    ("貸方税区分コード", F.CREDIT_TAX), ("貸方金額", F.CREDIT_AMOUNT), ("摘要", F.MEMO),
)  # fmt: skip
_ONE_SIDE: tuple[tuple[str, Field | str], ...] = (
    ("伝票番号", F.SLIP), ("行", F.ROW), ("日付", F.DAY), ("科目コード", F.ACCOUNT_CODE), ("科目名", F.ACCOUNT_NAME),
    ("補助科目", F.ACCOUNT_SUB), ("部門", F.ACCOUNT_DEPARTMENT), ("税区分", F.ACCOUNT_TAX),
    ("借方金額", F.DEBIT_AMOUNT), ("貸方金額", F.CREDIT_AMOUNT), ("摘要", F.MEMO), ("取引先", F.PARTNER),
)  # fmt: skip

# The usual names of the accounts, to begin with; codes are each office's own.
NAMES = {
    Account.RECEIVABLE: AccountCode("135", "未収金", "{company}", "", "対象外"),
    Account.BANK: AccountCode("111", "普通預金", "", "", "対象外"),
    Account.STRIPE_CLEARING: AccountCode("136", "未収入金", "決済代行会社", "", "対象外"),
    Account.STRIPE_FEES: AccountCode("745", "支払手数料", "", "", "課対仕入内10%"),
    Account.DISPUTED: AccountCode("137", "立替金", "決済代行会社", "", "対象外"),
    Account.DISPUTE_FEES: AccountCode("745", "支払手数料", "", "", "課対仕入内10%"),
    Account.LOSSES: AccountCode("755", "貸倒損失", "", "", "対象外"),
    Account.REFUNDS_UNDER_WAY: AccountCode("312", "未払金", "{company}", "", "対象外"),
    Account.ADVANCE_RECEIVED: AccountCode("317", "前受金", "{company}", "", "対象外"),
    Account.SUSPENSE: AccountCode("320", "仮受金", "", "", "対象外"),
    Account.FEE_DEFERRED: AccountCode("318", "前受収益", "", "", "対象外"),
    Account.FEE_REVENUE: AccountCode("500", "会費収入", "", "", ""),
    Account.TAX_PAYABLE: AccountCode("325", "仮受消費税", "", "", "対象外"),
}
TAXES = {
    TaxCategory.STANDARD_10: "課税売上10%",
    TaxCategory.REDUCED_8: "課税売上8%(軽)",
    TaxCategory.EXEMPT: "非課税売上",
    TaxCategory.OUT_OF_SCOPE: "対象外",
}


def _columns(listed: tuple[tuple[str, Field | str], ...]) -> tuple[Column, ...]:
    return tuple(Column(t, what) if isinstance(what, Field) else Column(t, None, what) for t, what in listed)


PRESETS: Mapping[Preset, Layout] = {
    Preset.SIDE_BY_SIDE: Layout(columns=_columns(_PAIR), accounts=NAMES, taxes=TAXES, letters=Letters.UTF_8),
    Preset.FLAGGED: Layout(columns=_columns(_FLAGGED), accounts=NAMES, taxes=TAXES, has_head=False),
    Preset.CODED: Layout(columns=_columns(_CODED), accounts=NAMES, taxes=TAXES, day_format=DayFormat.DIGITS),
    Preset.ONE_SIDE: Layout(shape=Shape.SIDES, columns=_columns(_ONE_SIDE), accounts=NAMES, taxes=TAXES),
}


def preset_layout(preset: Preset) -> Layout:
    """The layout to begin with."""
    return PRESETS[preset]
