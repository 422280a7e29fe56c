"""Ways to reach somebody are found in what strangers will read, and research is not taken for them."""

from __future__ import annotations

import pytest

from portal.domain.contact_words import contact_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""),
        ("連絡は hanako.kaku@example.ac.jp まで", "hanako.kaku@example.ac.jp"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("電話 090-1234-5678", "090-1234-5678"),
        ("03(1234)5678", "03(1234)5678"),
        ("+81 90 1234 5678", "+81 90 1234 5678"),
        ("０９０１２３４５６７８", "09012345678"),
        ("R 4.3.1, p < 0.0001, n = 1234567890", ""),
        ("2026-04-01 から 2027-03-31", ""),
        ("doi:10.1000/182 @conference 2026", ""),
        ("@handle", ""),
    ],
)
def test_what_is_found(text: str, found: str) -> None:
    assert contact_in(text) == found
