"""Files as banks give them, good and hostile: what each says, or where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.bank_csv import Columns, parse_bank_csv
from portal.domain.zengin import BadBankFile, FileKind, Problem, parse, write
from tests.domain.bank.made import TODAY

FOLDER = Path(__file__).parent / "bank"

GOOD = {
    "notices_a.txt": (FileKind.NOTICES, [[1_100_000, 549_340, 550_000, 550_000, 330_000]]),
    "notices_b.txt": (FileKind.NOTICES, [[12_345_678_901, 550_000]]),
    "notices_quoted.csv": (FileKind.NOTICES, [[1_100_000, 549_340, 550_000, 550_000, 330_000]]),
    "movements.txt": (FileKind.MOVEMENTS, [[1_100_000, 330]]),
    "movements_quoted.csv": (FileKind.MOVEMENTS, [[1_100_000, 330]]),
    "two_accounts.txt": (FileKind.NOTICES, [[1_100_000], [549_340]]),
}
BAD = {
    "bad_count.txt": (Problem.COUNT_DIFFERS, 7, 2),
    "bad_date.txt": (Problem.BAD_DATE, 2, 8),
    "bad_days_to_come.txt": (Problem.FUTURE_DATE, 1, 17),
    "bad_ebcdic.txt": (Problem.EBCDIC, 1, 4),
    "bad_formula.txt": (Problem.BAD_NUMBER, 2, 20),
    "bad_kanji.txt": (Problem.BAD_CHARACTER, 2, 50),
    "bad_no_end.txt": (Problem.ENDS_EARLY, 7, 1),
    "bad_nul.txt": (Problem.BAD_CHARACTER, 2, 52),
    "bad_savings_5.txt": (Problem.UNSUPPORTED_DEPOSIT, 1, 63),
    "bad_short_record.txt": (Problem.WRONG_LENGTH, 8, 143),
    "bad_sum.txt": (Problem.SUM_DIFFERS, 7, 8),
    "bad_transfer_order.txt": (Problem.UNSUPPORTED_KIND, 1, 2),
    "bad_two_files.txt": (Problem.OUT_OF_ORDER, 9, 1),
    "bad_western_year.txt": (Problem.OUTSIDE_DAYS, 2, 8),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_says_what_it_says(name: str) -> None:
    kind, amounts = GOOD[name]
    content = (FOLDER / name).read_bytes()
    file = parse(content, today=TODAY)
    assert file.kind is kind
    assert [[e.amount_yen for e in s.entries] for s in file.statements] == amounts
    ends = b"\r\n" if b"\r\n" in content else b""
    assert write(file, line_ends=ends, end_mark=content.endswith(b"\x1a")) == content


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(BadBankFile) as refused:
        parse((FOLDER / name).read_bytes(), today=TODAY)
    assert (refused.value.problem, refused.value.line, refused.value.column) == BAD[name]


def test_a_banks_own_statement() -> None:
    columns = Columns(
        day="お取引日", paid_in="お預り金額", paid_out="お支払金額", payer="お取引内容", foot_word="合計"
    )
    entries = parse_bank_csv((FOLDER / "statement.csv").read_bytes(), columns, today=TODAY)
    assert [(e.amount_yen, e.direction.name, e.payer_name) for e in entries] == [
        (1_100_000, "IN", "振込　カ）ミホンセイヤク"),
        (330, "OUT", "手数料"),
    ]


def test_every_file_here_is_looked_at() -> None:
    assert {p.name for p in FOLDER.iterdir()} == {*GOOD, *BAD, "statement.csv"}
