"""Addresses as people paste them."""

from __future__ import annotations

import pytest

from portal.domain.pasted_addresses import read_addresses


@pytest.mark.parametrize(
    ("text", "keys", "wrong"),
    [
        ("", [], []),
        ("a@example.ac.jp\nB@Example.ac.jp", ["a@example.ac.jp", "b@example.ac.jp"], []),
        ("a@example.ac.jp, A@EXAMPLE.ac.jp ;a@example.ac.jp", ["a@example.ac.jp"], []),
        (
            "架空 花子\ta@example.ac.jp\n架空 次郎\tb@example.ac.jp",
            ["a@example.ac.jp", "b@example.ac.jp"],
            [],
        ),
        ("架空 花子 <a@example.ac.jp>", ["a@example.ac.jp"], []),
        ("a@example.ac.jp\nnonsense\n@", ["a@example.ac.jp"], ["nonsense", "@"]),
        ("x@\nx@", [], ["x@"]),
        ("ａ＠ｅｘａｍｐｌｅ．ａｃ．ｊｐ", ["a@example.ac.jp"], []),
        ("\x00", [], ["\x00"]),
    ],
)
def test_what_is_read(text: str, keys: list[str], wrong: list[str]) -> None:
    found = read_addresses(text)
    assert list(found.keys) == keys
    assert list(found.wrong) == wrong
