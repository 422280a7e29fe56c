import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.email_keys import (
    EmailCheck,
    EmailProblem,
    check_email,
    email_key,
    encode_domain,
    mailbox_key,
    masked_address,
)

P = EmailProblem


@pytest.mark.parametrize(
    ("typed", "address", "key"),
    [
        ("hanako@example.jp", "hanako@example.jp", "hanako@example.jp"),
        (" Hanako.Yamada@Example.JP ", "Hanako.Yamada@example.jp", "hanako.yamada@example.jp"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp", "hanako@example.jp"),
        ("hanako@例え.jp", "hanako@xn--r8jz45g.jp", "hanako@xn--r8jz45g.jp"),
        ("hanako@例え。jp", "hanako@xn--r8jz45g.jp", "hanako@xn--r8jz45g.jp"),
        ("hanako@XN--R8JZ45G.jp", "hanako@xn--r8jz45g.jp", "hanako@xn--r8jz45g.jp"),
        ("a+b@example.jp", "a+b@example.jp", "a+b@example.jp"),
        ("taro..yamada.@mobile.example", "taro..yamada.@mobile.example", "taro..yamada.@mobile.example"),
        ("\u212aen@example.jp", "Ken@example.jp", "ken@example.jp"),  # the Kelvin sign
        ("a@faß.de", "a@xn--fa-hia.de", "a@xn--fa-hia.de"),  # not fass.de, which is somebody else's
    ],
)
def test_addresses_have_a_sending_form_and_a_key(typed: str, address: str, key: str) -> None:
    assert check_email(typed) == EmailCheck(address, key, None)
    assert email_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", P.EMPTY),
        ("　", P.EMPTY),
        ("hanako", P.NO_AT_SIGN),
        ("@example.jp", P.LOCAL_PART_EMPTY),
        ("花子@example.jp", P.LOCAL_PART_NOT_ASCII),
        ("h\u0430nako@example.jp", P.LOCAL_PART_NOT_ASCII),  # a Cyrillic a
        ("\u0131da@example.jp", P.LOCAL_PART_NOT_ASCII),  # a dotless i
        ("ha nako@example.jp", P.LOCAL_PART_CHARACTERS),
        ("a@b@example.jp", P.LOCAL_PART_CHARACTERS),
        ("a\r\nBcc:x@example.jp", P.LOCAL_PART_CHARACTERS),
        ("a\x00@example.jp", P.LOCAL_PART_CHARACTERS),
        ('"a"@example.jp', P.LOCAL_PART_CHARACTERS),
        ("Hanako <a@example.jp", P.LOCAL_PART_CHARACTERS),
        ("a@", P.DOMAIN_INVALID),
        ("a@localhost", P.DOMAIN_INVALID),
        ("a@example..jp", P.DOMAIN_INVALID),
        ("a@example.jp.", P.DOMAIN_INVALID),
        ("a@.example.jp", P.DOMAIN_INVALID),
        ("a@-example.jp", P.DOMAIN_INVALID),
        ("a@exa_mple.jp", P.DOMAIN_INVALID),
        ("a@example.jp>", P.DOMAIN_INVALID),
        ("a@exam ple.jp", P.DOMAIN_INVALID),
        ("a@192.0.2.1", P.DOMAIN_INVALID),
        ("a@[192.0.2.1]", P.DOMAIN_INVALID),
        ("a@\ud800.jp", P.DOMAIN_INVALID),
        ("a@" + "b" * 64 + ".jp", P.DOMAIN_INVALID),
        ("a" * 65 + "@example.jp", P.TOO_LONG),
        ("a@" + "b." * 200 + "jp", P.TOO_LONG),
        ("a" * 60 + "@" + "例え." * 17 + "jp", P.TOO_LONG),  # short as typed, too long as sent
        ("x" * 100_000, P.TOO_LONG),
    ],
)
def test_addresses_say_what_is_wrong(typed: str, problem: EmailProblem) -> None:
    assert check_email(typed) == EmailCheck("", "", problem)
    assert email_key(typed) is None


@given(st.text(alphabet="aAＡß@＠.。-_ \x00\r\u0430\u0131\u212a例\ud800", max_size=20))
def test_a_key_is_ascii_and_its_own_key(text: str) -> None:
    checked = check_email(text)
    if checked.is_valid:
        assert checked.key.isascii()
        assert checked.key.count("@") == 1
        assert email_key(checked.key) == checked.key
        assert email_key(checked.address) == checked.key


def test_encode_domain_gives_lower_case_ascii_or_nothing() -> None:
    assert encode_domain("Example.JP") == "example.jp"
    assert encode_domain("例え.jp") == "xn--r8jz45g.jp"
    assert encode_domain("jp") is None
    assert encode_domain("") is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Taro+a@Example.jp", "taro@example.jp"),
        ("taro@ｅxample.jp", "taro@example.jp"),
        ("+a@example.jp", "+a@example.jp"),
        ("taro", None),
        ("", None),
    ],
)
def test_tags_of_a_mailbox_count_together(typed: str, key: str | None) -> None:
    assert mailbox_key(typed) == key


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("taro@example.jp", "t***@example.jp"),
        ("t@example.jp", "***@example.jp"),
        ("a@b@example.jp", "a***@example.jp"),
        ("", "***"),
    ],
)
def test_a_masked_address_tells_its_owner_alone(address: str, masked: str) -> None:
    assert masked_address(address) == masked
