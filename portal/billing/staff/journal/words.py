"""The words of the journal export: fields, presets, what is wrong with columns."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.journal import GETA, DayFormat, Field, LayoutProblem, Letters, Preset, Shape, Strangers

FIELDS = {
    Field.SLIP: _l("slip number"),
    Field.ROW: _l("row of the slip"),
    Field.DAY: _l("booking day"),
    Field.MEMO: _l("memo"),
    Field.PARTNER: _l("company"),
    Field.DOCUMENT: _l("document number"),
    Field.EVENT: _l("business event"),
    Field.ENTRY: _l("entry number"),
    Field.DEBIT_CODE: _l("debit account code"),
    Field.DEBIT_NAME: _l("debit account name"),
    Field.DEBIT_SUB: _l("debit sub-account"),
    Field.DEBIT_DEPARTMENT: _l("debit department"),
    Field.DEBIT_TAX: _l("debit tax code"),
    Field.DEBIT_AMOUNT: _l("debit amount"),
    Field.CREDIT_CODE: _l("credit account code"),
    Field.CREDIT_NAME: _l("credit account name"),
    Field.CREDIT_SUB: _l("credit sub-account"),
    Field.CREDIT_DEPARTMENT: _l("credit department"),
    Field.CREDIT_TAX: _l("credit tax code"),
    Field.CREDIT_AMOUNT: _l("credit amount"),
    Field.ACCOUNT_CODE: _l("account code"),
    Field.ACCOUNT_NAME: _l("account name"),
    Field.ACCOUNT_SUB: _l("sub-account"),
    Field.ACCOUNT_DEPARTMENT: _l("department"),
    Field.ACCOUNT_TAX: _l("tax code"),
}
PRESETS = {
    Preset.SIDE_BY_SIDE: _l("Debit and credit side by side, account names, UTF-8"),
    Preset.FLAGGED: _l("Debit and credit side by side with a flag in front, no head line, Shift_JIS"),
    Preset.CODED: _l("Debit and credit side by side, account codes, Shift_JIS"),
    Preset.ONE_SIDE: _l("One row for each side, Shift_JIS"),
}
SHAPES = {
    Shape.PAIR: _l("One row for a pair: debit and credit side by side"),
    Shape.SIDES: _l("One row for each side"),
}
DAYS = {
    DayFormat.SLASHES: "2026/05/01",
    DayFormat.HYPHENS: "2026-05-01",
    DayFormat.DIGITS: "20260501",
    DayFormat.ERA: "R8.05.01",
}
LETTERS = {Letters.CP932: "Shift_JIS (cp932)", Letters.UTF_8: _l("UTF-8 with a byte order mark")}
STRANGERS = {
    Strangers.REFUSE: _l("Say which, and write no file"),
    Strangers.REPLACE: _l("Write %(sign)s in their place", sign=GETA),
}
PROBLEMS = {
    LayoutProblem.EMPTY: _l("Please write at least one column."),
    LayoutProblem.TOO_MANY: _l("Please write no more than 60 columns."),
    LayoutProblem.NO_SIGN: _l("Line %(line)s: please write a title, an equals sign and a field."),
    LayoutProblem.NO_TITLE: _l("Line %(line)s: please give the column a title of at most 60 characters."),
    LayoutProblem.UNKNOWN_FIELD: _l("Line %(line)s: there is no field called %(word)s."),
    LayoutProblem.OTHER_SHAPE: _l("Line %(line)s: %(word)s belongs to the other arrangement of rows."),
    LayoutProblem.NO_DAY: _l("A column for the booking day is missing."),
    LayoutProblem.NO_AMOUNT: _l("Columns for debit amount and credit amount are missing."),
    LayoutProblem.NO_ACCOUNT: _l("A column for the account, its code or name, is missing."),
}
