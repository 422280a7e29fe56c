"""The variables by themselves: are they there, and can they be meant?"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from portal.cli.doctor.findings import Finding
from portal.settings import Mode, Settings

SHORTEST_KEY = 32
FEWEST_KINDS = 10  # of letters in a key: random ones of that length have twice as many
LIVE, TEST = ("sk_live_", "rk_live_"), ("sk_test_", "rk_test_")


def look(settings: Settings) -> Iterator[Finding]:
    """All of them."""
    yield Finding("mode", settings.mode is Mode.PRODUCTION, f"RENKEI_MODE is {settings.mode}")
    yield _secret_key(settings.secret_key)
    yield _address(settings.public_url)
    yield _mailbox("sender", "MAIL_FROM", settings.mail_from, "the sender of all mail")
    yield _mailbox(
        "contact", "CONTACT_ADDRESS", settings.contact_address, "it stands below every mail", is_advice=True
    )
    yield from _names(settings)
    yield _proxies(settings.proxies)
    yield from _payments(settings)


def _secret_key(key: str) -> Finding:
    if len(key) < SHORTEST_KEY:
        return Finding("secret key", False, "set SECRET_KEY to 32 or more random characters")
    if len(set(key)) < FEWEST_KINDS:
        return Finding("secret key", False, "SECRET_KEY repeats itself; take random characters")
    return Finding("secret key", True, "SECRET_KEY is set")


def _address(url: str) -> Finding:
    parts = urlsplit(url)
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and not parts.username
    fine = parts.scheme == "https" and bool(parts.hostname) and plain
    return Finding(
        "address", fine, url if fine else "set PUBLIC_URL to the https:// address people type, without a path"
    )


def _mailbox(item: str, variable: str, value: str, use: str, *, is_advice: bool = False) -> Finding:
    try:
        validate_email(parseaddr(value)[1], check_deliverability=False, test_environment=False)
    except EmailNotValidError:
        return Finding(item, False, f"set {variable} to a mail address: {use}", is_advice)
    return Finding(item, True, value)


def _names(settings: Settings) -> Iterator[Finding]:
    for item, variable, name in (
        ("name in Japanese", "CONSORTIUM_NAME_JA", settings.consortium_name_ja),
        ("name in English", "CONSORTIUM_NAME_EN", settings.consortium_name_en),
    ):
        fine = name not in ("", "Renkei")
        yield Finding(item, fine, name if fine else f"set {variable} to the consortium's name")


def _proxies(count: int) -> Finding:
    words = f"{count} in front" if count else "set TRUSTED_PROXIES=1 behind nginx (deploy/nginx.conf)"
    return Finding("proxy", count > 0, words)


def _payments(settings: Settings) -> Iterator[Finding]:
    key, hook = settings.stripe_secret_key, settings.stripe_webhook_secret
    if key.startswith(TEST):
        yield Finding("payments", False, "STRIPE_SECRET_KEY is a test key: test money would make members")
    elif not key:
        yield Finding(
            "payments", False, "without STRIPE_SECRET_KEY companies pay by bank transfer alone", True
        )
    else:
        live = key.startswith(LIVE)
        yield Finding(
            "payments", live, "STRIPE_SECRET_KEY is " + ("a live key" if live else "no key of Stripe's")
        )
    if key and not hook:
        yield Finding(
            "webhooks",
            False,
            "set STRIPE_WEBHOOK_SECRET, or no payment is noticed before the nightly comparison",
        )
    elif hook:
        yield Finding(
            "webhooks", hook.startswith("whsec_"), "STRIPE_WEBHOOK_SECRET is set; Stripe's begin with whsec_"
        )
    words = (
        "STRIPE_API_BASE is empty"
        if not settings.stripe_api_base
        else "unset STRIPE_API_BASE: it is for demo and tests"
    )
    yield Finding("stand-ins", not settings.stripe_api_base, words)
