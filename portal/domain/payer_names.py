"""The name of a payer as banks transmit it, made comparable: half-width, no small kana, legal forms abbreviated, cut off.

Banks send capitals and katakana without small letters, the long vowel as a hyphen, legal forms as カ) (カ (カ), at most 48
characters (26 when EDI data go along), and perhaps a number before the name.
"""

import re
import unicodedata
from functools import lru_cache

CUT_LENGTHS = (48, 26)
SHORTEST_PREFIX = 6

# 全銀の略語: form, abbreviation. The longer is tried first.
ABBREVIATIONS = {
    "株式会社": "カ", "有限会社": "ユ", "合同会社": "ド", "合名会社": "メ", "合資会社": "シ", "医療法人": "イ",
    "財団法人": "ザイ", "社団法人": "シヤ", "学校法人": "ガク", "国立・公立大学法人": "ダイ", "独立行政法人": "ドク",
    "地方独立行政法人": "チドク", "社会福祉法人": "フク", "特定非営利活動法人": "トクヒ", "宗教法人": "シユウ",
    "相互会社": "ソ", "弁護士法人": "ベン", "税理士法人": "ゼイ", "行政書士法人": "ギヨ", "司法書士法人": "シホウ",
    "農事組合法人": "ノウ",
}  # fmt: skip
_SHORT = "|".join(sorted(ABBREVIATIONS.values(), key=len, reverse=True))
_SPELT_OUT = (
    "カブシキガイシヤ", "ユウゲンガイシヤ", "ゴウドウガイシヤ", "ゴウメイガイシヤ", "ゴウシガイシヤ", "ソウゴガイシヤ",
    "イリヨウホウジンシヤダン", "イリヨウホウジンザイダン", "イリヨウホウジン", "コウエキザイダンホウジン",
    "イツパンザイダンホウジン", "コウエキシヤダンホウジン", "イツパンシヤダンホウジン", "ザイダンホウジン",
    "シヤダンホウジン", "ガツコウホウジン", "コクリツダイガクホウジン", "コウリツダイガクホウジン",
    "コクリツケンキユウカイハツホウジン", "チホウドクリツギヨウセイホウジン", "ドクリツギヨウセイホウジン",
    "シヤカイフクシホウジン", "トクテイヒエイリカツドウホウジン",
)  # fmt: skip
_KANJI = "|".join(
    (
        "株式会社", "有限会社", "合同会社", "合名会社", "合資会社", "国立大学法人", "公立大学法人", "学校法人",
        "国立研究開発法人", "地方独立行政法人", "独立行政法人", "公益財団法人", "一般財団法人", "公益社団法人",
        "一般社団法人", "医療法人社団", "医療法人財団", "医療法人", "社会福祉法人", "特定非営利活動法人",
        r"\((?:株|有|同|名|資)\)",
    )
)  # fmt: skip
_FULL = "|".join(sorted(_SPELT_OUT, key=len, reverse=True))

# How a form may end, in kanji or kana, and its abbreviation.
_SHORTENED = ABBREVIATIONS | {
    "株": "カ", "有": "ユ", "同": "ド", "名": "メ", "資": "シ", "国立大学法人": "ダイ", "公立大学法人": "ダイ",
    "医療法人社団": "イ", "医療法人財団": "イ", "カブシキガイシヤ": "カ", "ユウゲンガイシヤ": "ユ", "ゴウドウガイシヤ": "ド",
    "ゴウメイガイシヤ": "メ", "ゴウシガイシヤ": "シ", "ソウゴガイシヤ": "ソ", "イリヨウホウジンシヤダン": "イ",
    "イリヨウホウジンザイダン": "イ", "イリヨウホウジン": "イ", "ザイダンホウジン": "ザイ", "シヤダンホウジン": "シヤ",
    "ガツコウホウジン": "ガク", "ダイガクホウジン": "ダイ", "チホウドクリツギヨウセイホウジン": "チドク",
    "ドクリツギヨウセイホウジン": "ドク", "シヤカイフクシホウジン": "フク", "トクテイヒエイリカツドウホウジン": "トクヒ",
}  # fmt: skip

_LONGEST_FIRST = sorted(_SHORTENED, key=len, reverse=True)

_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヲヰヱ", "アイウエオツヤユヨワカケオイエ")
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
BETWEEN = r"(?:[\W_]|ー)*"  # whatever dash, dot, blank or stroke parts a number
INVOICE = "I ?N ?V"
_LEADING = re.compile(
    rf"(?:[0-9]{{1,10}}[ ]+|[0-9]{{10}})+(?=\D)|{INVOICE}{BETWEEN}[0-9]{{4}}{BETWEEN}[0-9]{{6,9}}[ ]*"
)
_WORDS = re.compile(r"^(?:振込(?:入金)?|フリコミ)[ *:]+")  # some banks write these before the name
_FORMS = re.compile(rf"^(?:{_SHORT})\)|\((?:{_SHORT})\)|\((?:{_SHORT})$|^(?:{_FULL})|(?:{_FULL})$|{_KANJI}")
_NOISE = re.compile(r"[^A-Z0-9ァ-ヴ一-鿿々〆]")


@lru_cache(maxsize=200_000)
def payer_key(name: str) -> str:
    """What two spellings of a payer share: `ｶ)ﾐﾎﾝﾃﾞ-ﾀ` and `ミホンデータ株式会社` both give `ミホンデタ`. May be empty."""
    wide = unicodedata.normalize("NFKC", name).upper().translate(_TO_KATAKANA).translate(_LARGE).strip()
    bare = _LEADING.sub("", wide) if any(c.isdigit() for c in wide) else wide
    tight = _WORDS.sub("", " ".join(bare.split()))
    return _NOISE.sub("", _FORMS.sub("", tight)) or _NOISE.sub("", tight)


@lru_cache(maxsize=200_000)
def legal_form(name: str) -> str:
    """The abbreviation of the form that a name carries (`カ` of `ｶ)ﾐﾎﾝ`, of `ミホン株式会社`); empty when it carries none."""
    wide = unicodedata.normalize("NFKC", name).upper().translate(_TO_KATAKANA).translate(_LARGE).strip()
    bare = _LEADING.sub("", wide) if any(c.isdigit() for c in wide) else wide
    found = _FORMS.search(_WORDS.sub("", bare))
    if found is None:
        return ""
    form = found[0].strip("()")
    for spelt_out in _LONGEST_FIRST:
        if form.endswith(spelt_out):
            return _SHORTENED[spelt_out]
    return form if form in ABBREVIATIONS.values() else ""


def bank_length(name: str) -> int:
    """How many half-width characters a name takes; a voicing mark is one by itself."""
    return len(unicodedata.normalize("NFKD", name))


def prefix_of(name: str) -> str | None:
    """The key that the whole name must begin with when the bank has cut it off; None when it has not, or too little is left.

    The last letter is left out, since its voicing mark may be what was cut, and so is the beginning of a legal form.
    """
    if bank_length(name) not in CUT_LENGTHS:
        return None
    key = payer_key(name)[:-1]
    for form in _SPELT_OUT:
        for length in range(len(form), 3, -1):
            if key.endswith(form[:length]):
                key = key[:-length]
                break
    return key if len(key) >= SHORTEST_PREFIX else None
