"""The key by which an e-mail address is unique: NFKC and case folded, ASCII local part, IDNA domain.

Accounts are found by `key` and mail goes to `address`, never to the text that was typed: otherwise a
look-alike that folds to somebody's key could receive that person's sign-in link.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import idna

LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
LONGEST_LOCAL_PART = 64


class EmailProblem(StrEnum):
    """Why an address was not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_AT_SIGN = "no_at_sign"
    LOCAL_PART_EMPTY = "local_part_empty"
    LOCAL_PART_NOT_ASCII = "local_part_not_ascii"
    LOCAL_PART_CHARACTERS = "local_part_characters"
    DOMAIN_INVALID = "domain_invalid"


@dataclass(frozen=True)
class EmailCheck:
    """`address` for sending (case of the local part kept), `key` for UNIQUE; both empty beside a problem."""

    address: str
    key: str
    problem: EmailProblem | None

    @property
    def is_valid(self) -> bool:
        """True when nothing is wrong."""
        return self.problem is None


# Dots are not policed: Japanese mobile carriers gave out a..b.@ addresses, and they are still in use.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]+")


def check_email(text: str) -> EmailCheck:
    """Check an address as typed; give its sending form and its key. Whether mail arrives is not asked."""
    plain = unicodedata.normalize("NFKC", text).strip()
    local, at, domain = plain.rpartition("@")
    problem = _problem_before_domain(plain, local, at)
    if problem is not None:
        return EmailCheck("", "", problem)
    ascii_domain = encode_domain(domain)
    if ascii_domain is None:
        return EmailCheck("", "", EmailProblem.DOMAIN_INVALID)
    address = f"{local}@{ascii_domain}"
    if len(address) > LONGEST_ADDRESS:
        return EmailCheck("", "", EmailProblem.TOO_LONG)
    return EmailCheck(address, f"{local.casefold()}@{ascii_domain}", None)


def email_key(text: str) -> str | None:
    """The key alone, None when the address is not valid: enough for looking an account up."""
    return check_email(text).key or None


def mailbox_key(text: str) -> str | None:
    """The key without a tag (`taro+a@example.jp` is `taro@example.jp`), None when the address is not valid.

    For counting mails: who asks with ever new tags fills one and the same mailbox. No identity: some providers mean
    the plus sign.
    """
    local, at, domain = (email_key(text) or "").rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}" if at else None


def masked_address(address: str) -> str:
    """`taro@example.jp` as `t***@example.jp`: enough to know one's own again, too little to write to."""
    local, at, domain = address.rpartition("@")
    return f"{local[: 1 if len(local) > 1 else 0]}***@{domain}" if at else "***"


def encode_domain(domain: str) -> str | None:
    """A domain as lower-case ASCII (`例え.jp` is `xn--r8jz45g.jp`), None unless it has two labels or more."""
    if len(domain) > LONGEST_ADDRESS:
        return None
    try:
        # no casefold here: it would turn ß into ss, which is another registrable domain
        encoded = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        return None
    labels = encoded.split(".")
    is_named = len(labels) > 1 and all(labels) and not labels[-1].isdigit()
    return encoded if is_named else None


def _problem_before_domain(plain: str, local: str, at: str) -> EmailProblem | None:
    if not plain:
        return EmailProblem.EMPTY
    if len(plain) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL_PART:
        return EmailProblem.TOO_LONG
    if not at:
        return EmailProblem.NO_AT_SIGN
    if not local:
        return EmailProblem.LOCAL_PART_EMPTY
    if not local.isascii():
        return EmailProblem.LOCAL_PART_NOT_ASCII
    if not _LOCAL_PART.fullmatch(local):
        return EmailProblem.LOCAL_PART_CHARACTERS
    return None
