"""Worked documents of an invented consortium; tests and the benchmark print them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.documents import (
    BankAccount,
    CreditNoteDocument,
    DocumentLine,
    InvoiceDocument,
    Language,
    PartySnapshot,
    Period,
    QuoteDocument,
    ReceiptDocument,
)
from portal.domain.tax import Line, RoundingMode, TaxCategory, total_by_rate

REGISTRATION_NUMBER = "T1234567890123"
YEAR = Period(date(2026, 4, 1), date(2027, 3, 31))
ISSUED_ON, DUE_ON = date(2026, 4, 10), date(2026, 5, 31)

ISSUERS = {
    Language.JAPANESE: PartySnapshot(
        name="見本データ科学コンソーシアム",
        postal_code="000-0001",
        address="見本県見本市中央1丁目2番3号\n見本大学 連携棟5階",
        department="事務局",
        person="見本 花子",
        telephone="00-0000-0001",
        email="office@consortium.example",
        registration_number=REGISTRATION_NUMBER,
    ),
    Language.ENGLISH: PartySnapshot(
        name="Sample Data Science Consortium",
        postal_code="000-0001",
        address="Sample University, Renkei Building 5F\n1-2-3 Chuo, Mihon City, Mihon, Japan",
        department="Secretariat",
        person="Hanako Mihon",
        telephone="+81-00-0000-0001",
        email="office@consortium.example",
        registration_number=REGISTRATION_NUMBER,
    ),
}
BUYERS = {
    Language.JAPANESE: PartySnapshot(
        name="架空製薬株式会社",
        postal_code="000-0002",
        address="架空県架空市港町4丁目5番6号",
        department="経理部",
    ),
    Language.ENGLISH: PartySnapshot(
        name="Kakuu Pharmaceutical Co., Ltd.",
        postal_code="000-0002",
        address="4-5-6 Minatomachi, Kakuu City, Kakuu, Japan",
        department="Accounting Department",
        title="Manager",
        person="Taro Kakuu",
    ),
}
ACCOUNT = BankAccount(
    bank="架空銀行",
    bank_en="Kakuu Bank",
    bank_code="9990",
    branch="見本支店",
    branch_en="Mihon Branch",
    branch_code="001",
    number="0001234",
    holder="ミホンデ-タカガクコンソ-シアム",
    holder_en="MIHON DATA KAGAKU CONSORTIUM",
)
SUBJECTS = {Language.JAPANESE: "2026年度 年会費（A会員）", Language.ENGLISH: "Membership fee FY2026 (tier A)"}
FEES = {
    Language.JAPANESE: DocumentLine(
        description="年会費 A会員",
        detail="受講者枠1名、連携機関連絡会議、オープンイノベーション研究会を含む",
        unit="年",
        unit_price_yen=2_000_000,
        category=TaxCategory.STANDARD_10,
    ),
    Language.ENGLISH: DocumentLine(
        description="Annual membership fee, tier A",
        detail="Includes one training seat, the liaison meeting and the study groups",
        unit="year",
        unit_price_yen=2_000_000,
        category=TaxCategory.STANDARD_10,
    ),
}
LUNCH = DocumentLine(
    description="全体会 弁当", unit="個", quantity=3, unit_price_yen=1_055, category=TaxCategory.REDUCED_8
)
TEXTBOOK = DocumentLine(
    description="教材\n（改訂第2版）", unit="冊", unit_price_yen=3_005, category=TaxCategory.STANDARD_10
)
DUES = DocumentLine(
    description="通常会費", unit="年", unit_price_yen=10_000, category=TaxCategory.OUT_OF_SCOPE
)
MIXED = (FEES[Language.JAPANESE], TEXTBOOK, LUNCH, DUES)


def totals_of(lines: tuple[DocumentLine, ...]) -> dict[str, Any]:
    """`lines` and the `tax_rows` that the tax rules give for them, rounded down."""
    plain = [Line(line.description, line.quantity, line.unit_price_yen, line.category) for line in lines]
    return {"lines": lines, "tax_rows": total_by_rate(plain, RoundingMode.FLOOR, YEAR.first).subtotals}


def _common(language: Language, number: str, lines: tuple[DocumentLine, ...]) -> dict[str, Any]:
    return {
        "language": language,
        "number": number,
        "issued_on": ISSUED_ON,
        "issuer": ISSUERS[language],
        "buyer": BUYERS[language],
        "subject": SUBJECTS[language],
        "supply": YEAR,
        **totals_of(lines or (FEES[language],)),
    }


def invoice(language: Language = Language.JAPANESE, lines: tuple[DocumentLine, ...] = ()) -> InvoiceDocument:
    return InvoiceDocument(
        **_common(language, "INV-2026-000123", lines),
        due_on=DUE_ON,
        purchase_order_number="PO-2026-0456",
        bank_accounts=(ACCOUNT,),
        transfer_reference="26000123",
    )


def quote(language: Language = Language.JAPANESE, lines: tuple[DocumentLine, ...] = ()) -> QuoteDocument:
    terms = {
        Language.JAPANESE: "請求書発行月の翌月末日まで",
        Language.ENGLISH: "By the end of the following month",
    }
    return QuoteDocument(
        **_common(language, "QUO-2026-000045", lines),
        valid_until=date(2026, 6, 30),
        payment_terms=terms[language],
    )


def receipt(language: Language = Language.JAPANESE) -> ReceiptDocument:
    methods = {Language.JAPANESE: "銀行振込", Language.ENGLISH: "Bank transfer"}
    common = _common(language, "RCT-2026-000078", ())
    return ReceiptDocument(
        **(common | {"lines": (), "issued_on": date(2026, 5, 20)}),
        received_on=date(2026, 5, 19),
        received_yen=2_200_000,
        purpose=SUBJECTS[language],
        payment_method=methods[language],
        invoice_number="INV-2026-000123",
    )


def receipt_of_advance(language: Language = Language.JAPANESE) -> ReceiptDocument:
    """A part of the money came with another receipt."""
    parts = (("RCT-2026-000031", "INV-2026-000044", 733_332),)
    return replace(receipt(language), received_yen=1_466_668, from_receipts=parts)


def credit_note(language: Language = Language.JAPANESE) -> CreditNoteDocument:
    reasons = {
        Language.JAPANESE: "年度途中の会員種別変更",
        Language.ENGLISH: "Change of tier within the year",
    }
    methods = {Language.JAPANESE: "貴社ご指定の口座への振込み", Language.ENGLISH: "Transfer to your account"}
    line = replace(FEES[language], unit_price_yen=500_000, detail="")
    common = _common(language, "CRN-2026-000003", (line,))
    return CreditNoteDocument(
        **(common | {"issued_on": date(2026, 10, 15)}),
        returned_on=date(2026, 10, 15),
        invoice_number="INV-2026-000123",
        invoice_issued_on=ISSUED_ON,
        reason=reasons[language],
        refund_method=methods[language],
    )


def long_party(party: PartySnapshot) -> PartySnapshot:
    """The same party with names of 200 characters, broken nowhere."""
    return replace(
        party,
        name="国立大学法人" + "長" * 194,
        department="産学連携推進本部" + "部" * 60,
        title="本部長代理",
        person="Wałęsa Dvořák Čapek " + "W" * 120,
        email="a" * 90 + "@consortium.example",
    )
