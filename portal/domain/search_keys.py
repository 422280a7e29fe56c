"""What two spellings of a name share when somebody looks for it: width, kana, case and punctuation make no difference."""

import unicodedata
from functools import lru_cache

from portal.domain.names import split_organisation_name

_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヲヰヱ", "アイウエオツヤユヨワカケオイエ")
_LONG_VOWELS = str.maketrans(dict.fromkeys("ー―‐-－ｰ〜~・"))


@lru_cache(maxsize=10_000)
def search_key(text: str) -> str:
    """Letters and digits alone: `ﾐﾎﾝ･ﾃﾞｰﾀ`, `みほんデータ` and `ミホンデータ` all give `ミホンデタ`. May be empty."""
    wide = unicodedata.normalize("NFKC", text).casefold().translate(_TO_KATAKANA).translate(_LARGE)
    return "".join(letter for letter in wide.translate(_LONG_VOWELS) if letter.isalnum())


def party_key(*names: str, most: int = 500) -> str:
    """All spellings of one party in one text, each with and without its legal form, parted by `|`."""
    keys: dict[str, None] = {}
    for name in names:
        keys |= dict.fromkeys((search_key(split_organisation_name(name).core), search_key(name)))
    return "|".join(key for key in keys if key)[:most]


def wanted_key(text: str) -> str:
    """What to look for in a `party_key`: the legal form is left off, unless it is all that was typed."""
    return search_key(split_organisation_name(text).core)
