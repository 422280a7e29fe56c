"""Bank files and their parts for tests, invented, by hand and by Hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from portal.domain.zengin import BankFile, Direction, Entry, FileForm, FileKind, Header, Statement

TODAY = date(2026, 11, 21)
HEADER = Header(
    made_on=TODAY,
    from_on=date(2026, 11, 20),
    to_on=date(2026, 11, 20),
    bank_code="9990",
    bank_name="ｶｸｳｷﾞﾝｺｳ",
    branch_code="001",
    branch_name="ﾐﾎﾝｼﾃﾝ",
    deposit_kind="1",
    number="0001234",
    holder="ﾐﾎﾝﾃﾞ-ﾀｶｶﾞｸｺﾝｿ-ｼｱﾑ",
)
MOVEMENTS_HEADER = Header(
    **{**HEADER.__dict__, "number": "0000001234", "passbook": "1", "balance_yen": 5_000}
)


def entry(amount_yen: int = 1_100_000, name: str = "ｶ)ﾐﾎﾝｾｲﾔｸ", **values: object) -> Entry:
    """One transfer that came in."""
    return Entry(**{"booked_on": date(2026, 11, 20), "amount_yen": amount_yen, "payer_name": name} | values)  # type: ignore[arg-type]


def notices(*entries: Entry, form: FileForm = FileForm.FIXED, is_wide: bool = False) -> BankFile:
    """A file of kind 01 for one account."""
    return BankFile(FileKind.NOTICES, form, (Statement(HEADER, entries, is_wide),))


def movements(*entries: Entry, form: FileForm = FileForm.FIXED) -> BankFile:
    """A file of kind 03 for one account."""
    return BankFile(FileKind.MOVEMENTS, form, (Statement(MOVEMENTS_HEADER, entries, balance_yen=-12),))


def without_lines(file: BankFile) -> BankFile:
    """The file as the bank means it, whatever line each movement stood in."""
    return BankFile(
        file.kind,
        file.form,
        tuple(
            Statement(
                each.header, tuple(e._replace(line=0) for e in each.entries), each.is_wide, each.balance_yen
            )
            for each in file.statements
        ),
    )


LETTERS = 'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝﾞﾟABCXYZ0123456789()-./\\", '
days = st.dates(date(2019, 5, 1), TODAY)


def texts(width: int) -> st.SearchStrategy[str]:
    """What fits a field of text, as it is read back."""
    return st.text(LETTERS, max_size=width).map(str.strip)


def codes(width: int) -> st.SearchStrategy[str]:
    """Digits that fill the field, or nothing."""
    return st.one_of(st.just(""), st.text("0123456789", min_size=width, max_size=width))


@st.composite
def notice_entries(draw: st.DrawFn, *, most_yen: int) -> Entry:
    return Entry(
        booked_on=draw(days),
        amount_yen=draw(st.integers(1, most_yen)),
        payer_name=draw(texts(48)),
        reference=draw(codes(6)),
        value_on=draw(st.none() | days),
        other_banks_yen=draw(st.integers(0, 10**9)),
        payer_code=draw(codes(10)),
        bank=draw(texts(15)),
        branch=draw(texts(15)),
        is_cancelled=draw(st.booleans()),
        edi=draw(texts(20)),
    )


@st.composite
def movement_entries(draw: st.DrawFn) -> Entry:
    return Entry(
        booked_on=draw(days),
        amount_yen=draw(st.integers(1, 10**12 - 1)),
        payer_name=draw(texts(48)),
        reference=draw(codes(8)),
        value_on=draw(st.none() | days),
        direction=draw(st.sampled_from(Direction)),
        category=draw(st.sampled_from(["", "10", "11", "14", "19"])),
        other_banks_yen=draw(st.integers(0, 10**12 - 1)),
        payer_code=draw(codes(10)),
        bank=draw(texts(15)),
        branch=draw(texts(15)),
        edi=draw(texts(20)),
        remarks=draw(texts(20)),
        presented_on=draw(st.none() | days),
        returned_on=draw(st.none() | days),
        bill_kind=draw(codes(1)),
        bill_number=draw(codes(7)),
        bill_branch=draw(codes(3)),
    )


@st.composite
def headers(draw: st.DrawFn, *, is_notice: bool, booked: Sequence[date] = ()) -> Header:
    first, last = draw(st.tuples(days, days).map(sorted))
    return Header(
        made_on=draw(days),
        from_on=draw(st.sampled_from([None, min(booked, default=first)])),
        to_on=draw(st.sampled_from([None, max(booked, default=last)])),
        bank_code=draw(st.text("0123456789", min_size=4, max_size=4)),
        bank_name=draw(texts(15)),
        branch_code=draw(st.text("0123456789", min_size=3, max_size=3)),
        branch_name=draw(texts(15)),
        deposit_kind=draw(st.sampled_from("124")),
        number=draw(st.text("0123456789", min_size=7 if is_notice else 10, max_size=7 if is_notice else 10)),
        holder=draw(texts(40)),
        passbook="" if is_notice else draw(st.sampled_from(["", "1", "2"])),
        balance_yen=None if is_notice else draw(st.none() | st.integers(-(10**14) + 1, 10**14 - 1)),
    )


@st.composite
def files(draw: st.DrawFn) -> BankFile:
    kind, form = draw(st.sampled_from(FileKind)), draw(st.sampled_from(FileForm))
    is_notice = kind is FileKind.NOTICES
    statements = []
    for _n in range(draw(st.integers(1, 3))):
        is_wide = is_notice and draw(st.booleans())
        most = 10**12 - 1 if is_wide else 10**10 - 1
        rows = notice_entries(most_yen=most) if is_notice else movement_entries()
        # form B shows in its movements alone
        entries = tuple(draw(st.lists(rows, min_size=1 if is_wide else 0, max_size=4)))
        stand = [each.amount_yen for each in entries]
        if sum(stand) >= 10**12:
            entries = entries[:1]
        balance = None if is_notice else draw(st.none() | st.integers(-(10**14) + 1, 10**14 - 1))
        booked = [each.booked_on for each in entries]
        statements.append(
            Statement(draw(headers(is_notice=is_notice, booked=booked)), entries, is_wide, balance)
        )
    return BankFile(kind, form, tuple(statements))
