"""How names are written in Japan: kana readings, and the legal form in an organisation's name."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.typed import DASHES


class KanaProblem(StrEnum):
    """Why a reading was not taken."""

    EMPTY = "empty"
    NOT_KATAKANA = "not_katakana"


@dataclass(frozen=True)
class KanaCheck:
    """The reading as it is stored, what is wrong with it, and the characters that are to blame."""

    text: str
    problem: KanaProblem | None
    wrong_characters: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """True when nothing is wrong."""
        return self.problem is None


_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
# A voicing mark typed on its own becomes a combining one, which NFC then joins to its letter.
_VOICING = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
_LONG_VOWEL = re.compile(f"(?<=[ァ-ヺー])[{re.escape(DASHES)}~〜]+")
_BLANK_AROUND_DOT = re.compile(r" *・ *")
_NOT_KANA = re.compile(r"[^ァ-ヺー・ ]")


def normalise_kana(text: str) -> str:
    """Full-width katakana, from half-width or hiragana too; single blanks; a dash after a kana becomes ー."""
    full = unicodedata.normalize("NFKC", text.translate(_VOICING)).translate(_TO_KATAKANA)
    spaced = _LONG_VOWEL.sub(lambda dashes: "ー" * len(dashes[0]), " ".join(full.split()))
    return _BLANK_AROUND_DOT.sub("・", spaced)


def check_kana(text: str) -> KanaCheck:
    """Check a reading (法人名カナ, 氏名カナ) as typed; kanji, Latin letters, digits are listed, each once."""
    kana = normalise_kana(text)
    if not kana.strip("・ー "):
        wrong = KanaProblem.EMPTY if not kana else KanaProblem.NOT_KATAKANA
        return KanaCheck(kana, wrong, tuple(dict.fromkeys(kana.replace(" ", ""))))
    strangers = tuple(dict.fromkeys(_NOT_KANA.findall(kana)))
    return KanaCheck(kana, KanaProblem.NOT_KATAKANA if strangers else None, strangers)


class LegalForm(StrEnum):
    """Legal forms as they stand in a registered name; the value is written out."""

    STOCK_COMPANY = "株式会社"
    LIMITED_COMPANY = "有限会社"
    GODO_COMPANY = "合同会社"
    GENERAL_PARTNERSHIP = "合名会社"
    LIMITED_PARTNERSHIP = "合資会社"
    NATIONAL_UNIVERSITY = "国立大学法人"
    PUBLIC_UNIVERSITY = "公立大学法人"
    SCHOOL = "学校法人"
    RESEARCH_AGENCY = "国立研究開発法人"
    INCORPORATED_AGENCY = "独立行政法人"
    LOCAL_AGENCY = "地方独立行政法人"
    PUBLIC_FOUNDATION = "公益財団法人"
    GENERAL_FOUNDATION = "一般財団法人"
    PUBLIC_ASSOCIATION = "公益社団法人"
    GENERAL_ASSOCIATION = "一般社団法人"
    MEDICAL_ASSOCIATION = "医療法人社団"
    MEDICAL_FOUNDATION = "医療法人財団"
    MEDICAL = "医療法人"
    SOCIAL_WELFARE = "社会福祉法人"
    NON_PROFIT = "特定非営利活動法人"


class FormPosition(StrEnum):
    """Where the legal form stands: 株式会社○○ (before) or ○○株式会社 (after)."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class OrganisationName:
    """A name taken apart: `core` is what it is sorted and looked up by."""

    core: str
    form: LegalForm | None
    position: FormPosition | None

    @property
    def full(self) -> str:
        """Put together again, without a blank between form and core."""
        if self.form is None:
            return self.core
        return self.form + self.core if self.position is FormPosition.BEFORE else self.core + self.form

    @property
    def short(self) -> str:
        """For narrow tables: （株）サンプル; forms without a common short sign are written out."""
        sign = _SHORT_SIGNS.get(self.form) if self.form else None
        if sign is None:
            return self.full
        return sign + self.core if self.position is FormPosition.BEFORE else self.core + sign


_SHORT_SIGNS = {
    LegalForm.STOCK_COMPANY: "（株）",
    LegalForm.LIMITED_COMPANY: "（有）",
    LegalForm.GODO_COMPANY: "（同）",
    LegalForm.GENERAL_PARTNERSHIP: "（名）",
    LegalForm.LIMITED_PARTNERSHIP: "（資）",
}
_SPELLINGS = (
    {form.value: form for form in LegalForm}
    | {sign: form for form, sign in _SHORT_SIGNS.items()}
    | {f"({sign.strip('（）')})": form for form, sign in _SHORT_SIGNS.items()}
    | {"㈱": LegalForm.STOCK_COMPANY, "㈲": LegalForm.LIMITED_COMPANY, "NPO法人": LegalForm.NON_PROFIT}
)
_ENGLISH_ENDINGS = re.compile(
    r"[\s,]+(co\.?,?\s*ltd\.?|company,?\s*limited|k\.?k\.?|g\.?k\.?|inc\.?|ltd\.?|llc\.?|corp\.?|corporation)$",
    re.IGNORECASE,
)


def split_organisation_name(name: str) -> OrganisationName:
    """Take the legal form off a Japanese name; ㈱ and （株） count as 株式会社. A bare form stays the core.

    Letters keep the width in which they are registered; only blanks are tidied.
    """
    plain = " ".join(name.split())
    # the longest first, so that 地方独立行政法人 is not taken for 独立行政法人
    for spelling in sorted(_SPELLINGS, key=len, reverse=True):
        form = _SPELLINGS[spelling]
        if plain == spelling:
            break
        if plain.startswith(spelling):
            return OrganisationName(plain.removeprefix(spelling).strip(), form, FormPosition.BEFORE)
        if plain.endswith(spelling):
            return OrganisationName(plain.removesuffix(spelling).strip(), form, FormPosition.AFTER)
    return OrganisationName(plain, None, None)


def organisation_key(name: str) -> str:
    """For finding an organisation written differently: no legal form, blanks or punctuation, case folded.

    `株式会社サンプル` and `サンプル㈱` share a key, so do `Sample Co., Ltd.` and `SAMPLE`. Not unique: show
    the hits, merge nothing.
    """
    core = unicodedata.normalize("NFKC", split_organisation_name(name).core)
    core = _ENGLISH_ENDINGS.sub("", core)
    letters = "".join(letter for letter in core.casefold() if letter.isalnum() or letter == "ー")
    return letters or core.casefold()
