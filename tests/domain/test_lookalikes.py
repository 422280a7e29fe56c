import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.lookalikes import LookAlike, LookAlikeReason, find_look_alikes, mixed_alphabets, skeleton

SAME_SHAPES, MIXED = LookAlikeReason.SAME_LETTER_SHAPES, LookAlikeReason.MIXED_ALPHABETS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "paypa1"),
        ("modern", "modem"),
        ("sample0", "sampleO"),
        ("Ida", "lda"),
        ("vvave", "wave"),
        ("sample", "s\u0430mple"),  # a Cyrillic a
        ("カネカ", "力ネ力"),  # kana ka, the kanji for strength
        ("ロボ", "口ボ"),
        ("ニチエ", "二チ工"),
        ("データ", "デ一タ"),  # the kanji for one
        ("髙橋製薬", "高橋製薬"),
        ("山﨑", "山崎"),
        ("ヘルス", "へルス"),  # the first letter in hiragana
    ],
)
def test_shapes_that_an_eye_confuses_are_found(one: str, other: str) -> None:
    assert LookAlike(other, one, SAME_SHAPES) in find_look_alikes(other, ["unlike", one])
    assert LookAlike(one, other, SAME_SHAPES) in find_look_alikes(one, ["unlike", other])


def test_the_same_text_and_different_texts_raise_no_warning() -> None:
    known = ["sample@example.jp", "Sample@example.jp", "simple@example.jp", "サンプル製菓"]
    assert find_look_alikes("sample@example.jp", known) == ()
    assert find_look_alikes("サンプル製薬", known) == ()


def test_warnings_come_mixed_alphabets_first_then_in_order() -> None:
    fake = "s\u0430mple"
    assert find_look_alikes(fake, ["sample", "other", "SAMPLE"]) == (
        LookAlike(fake, "", MIXED, ("latin", "cyrillic")),
        LookAlike(fake, "sample", SAME_SHAPES),
        LookAlike(fake, "SAMPLE", SAME_SHAPES),
    )


def test_domains_are_compared_as_the_eye_sees_them() -> None:
    # the label is wholly Cyrillic, so one alphabet, and still reads "epo"
    fake = "a@xn--e1asf.example"
    assert find_look_alikes(fake, ["a@epo.example"]) == (LookAlike(fake, "a@epo.example", SAME_SHAPES),)


@pytest.mark.parametrize(
    ("text", "alphabets"),
    [
        ("sample", ()),
        ("サンプルMedical", ()),
        ("見本ABC製薬", ()),
        ("\u043c\u043e\u0441\u043a\u0432\u0430", ()),  # one word, one alphabet
        ("AI \u043c\u0438\u0440", ()),  # two words
        ("s\u0430mple", ("latin", "cyrillic")),
        ("\u03bfmega", ("latin", "greek")),
        ("", ()),
    ],
)
def test_mixed_alphabets(text: str, alphabets: tuple[str, ...]) -> None:
    assert mixed_alphabets(text) == alphabets


@given(st.text(alphabet="aA0oO1lI|rnmvwカ力ー-一髙高Ａ \x00\ud800"))
def test_skeletons_ignore_case_width_and_blanks(text: str) -> None:
    assert skeleton(text) == skeleton(text.upper().lower())
    assert skeleton(f" {text} ") == skeleton(text)
    assert isinstance(find_look_alikes(text, [text, "o"]), tuple)
