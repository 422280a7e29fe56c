"""Names in Latin letters, as passports spell them."""

from __future__ import annotations

import pytest

from portal.domain.romanisation import in_latin_letters


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("シコウ イチロウ", "Shiko Ichiro"),
        ("ミホン ハナコ", "Mihon Hanako"),
        ("キギョウ タクミ", "Kigyo Takumi"),
        ("ジュンコ", "Junko"),
        ("オオタ ショウヘイ", "Ota Shohei"),
        ("ハットリ イッチ", "Hattori Itchi"),
        ("ナンバ ユウタ", "Namba Yuta"),
        ("ヴァレリー フェイ", "Vareri Fei"),
        ("ｼｺｳ ﾀﾞｲｽｹ", "Shiko Daisuke"),
        ("Alex Sample", "Alex Sample"),
        ("", ""),
    ],
)
def test_in_latin_letters(kana: str, latin: str) -> None:
    assert in_latin_letters(kana) == latin
