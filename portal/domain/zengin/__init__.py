"""Files that Japanese banks give: 01 振込入金通知 (forms A and B) and 03 入出金取引明細, in 200 bytes or as quoted CSV.

Source: 全国銀行協会 全銀協標準通信プロトコル, record forms of comprehensive transfer services. `parse` reads a file whole or
refuses it whole with line and column; `write` makes the same bytes again.
"""

from portal.domain.zengin.letters import company_name, transmitted
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.reading import parse
from portal.domain.zengin.records import BankFile, Direction, Entry, FileForm, FileKind, Header, Statement
from portal.domain.zengin.writing import write

__all__ = [
    "BadBankFile",
    "BankFile",
    "Direction",
    "Entry",
    "FileForm",
    "FileKind",
    "Header",
    "Problem",
    "Statement",
    "company_name",
    "parse",
    "transmitted",
    "write",
]
