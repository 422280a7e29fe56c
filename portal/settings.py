"""Configuration, read once from the environment. Every default is safe in production."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance")


DATABASES = ("sqlite:///", "postgresql+psycopg://")


class Mode(StrEnum):
    """What the process is for. Only DEMO and TEST use stand-ins and one-click sign-in (DEMO)."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class WrongSettingError(ValueError):
    """A variable that cannot be read; `variable` is its name."""

    def __init__(self, variable: str, value: str, wanted: str) -> None:
        super().__init__(f"{variable} is {value!r}; it must be {wanted}")
        self.variable = variable


class MissingSettingError(RuntimeError):
    """Production does not start without it."""


def _variable(name: str, default: str = "", meaning: str = "", *, secret: bool = False) -> str:
    return field(default=default, metadata={"variable": name, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings as the strings the environment gave; typed readings are properties."""

    mode: Mode = Mode.PRODUCTION
    database_url: str = _variable(
        "DATABASE_URL",
        f"sqlite:///{INSTANCE / 'portal.db'}",
        "database; postgresql+psycopg://… for several hosts",
    )
    redis_url: str = _variable(
        "REDIS_URL", "", "job queue and rate limits; without it both live on this host"
    )
    secret_key: str = _variable("SECRET_KEY", "", "signs cookies; at least 32 random characters", secret=True)
    old_secret_keys: str = _variable(
        "OLD_SECRET_KEYS", "", "keys of before, space-separated, while SECRET_KEY is changed", secret=True
    )
    public_url: str = _variable("PUBLIC_URL", "", "address people type, with https")
    smtp_url: str = _variable("SMTP_URL", "", "smtp://user:password@host:587 or smtps://…:465", secret=True)
    mail_from: str = _variable("MAIL_FROM", "", "sender of all mail")
    contact_address: str = _variable("CONTACT_ADDRESS", "", "where questions go; stands below every mail")
    stripe_secret_key: str = _variable(
        "STRIPE_SECRET_KEY", "", "card and bank-transfer payments", secret=True
    )
    stripe_webhook_secret: str = _variable(
        "STRIPE_WEBHOOK_SECRET", "", "verifies webhooks; without it the endpoint is off", secret=True
    )
    stripe_api_base: str = _variable("STRIPE_API_BASE", "", "another API host (demo and tests alone)")
    checkout_origins: str = _variable(
        "CHECKOUT_ORIGINS", "https://checkout.stripe.com", "where a payment form may lead, space-separated"
    )
    trusted_proxies: str = _variable("TRUSTED_PROXIES", "0", "how many proxies stand in front")
    queue_path: str = _variable(
        "QUEUE_PATH", str(INSTANCE / "queue.db"), "job queue file when there is no Redis"
    )
    consortium_name_ja: str = _variable("CONSORTIUM_NAME_JA", "Renkei", "the consortium's name in Japanese")
    consortium_name_en: str = _variable("CONSORTIUM_NAME_EN", "Renkei", "the consortium's name in English")
    log_level: str = _variable("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read settings; raises WrongSettingError at a mode, number or log level that is none."""
        _refuse_nonsense(environment)
        given = {
            f.name: environment[f.metadata["variable"]].strip()
            for f in fields(cls)
            if "variable" in f.metadata and f.metadata["variable"] in environment
        }
        return cls(mode=Mode(environment.get("RENKEI_MODE") or Mode.PRODUCTION), **given)

    def consortium_name(self, language: str) -> str:
        """The name for a reader of `language`."""
        return self.consortium_name_en if language == "en" else self.consortium_name_ja

    @property
    def is_production(self) -> bool:
        return self.mode is Mode.PRODUCTION

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel over https only, but for a demo or test on plain http."""
        return self.is_production or self.public_url.startswith("https://")

    @property
    def proxies(self) -> int:
        return int(self.trusted_proxies or 0)

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).netloc or "localhost"


def _refuse_nonsense(environment: Mapping[str, str]) -> None:
    modes, levels = [mode.value for mode in Mode], ["DEBUG", "INFO", "WARNING", "ERROR"]
    for variable, known in (("RENKEI_MODE", modes), ("LOG_LEVEL", levels)):
        value = environment.get(variable, "").strip()
        if value and value not in known:
            raise WrongSettingError(variable, value, f"one of {', '.join(known)}")
    url = environment.get("DATABASE_URL", "").strip()
    if url and not url.startswith(DATABASES):
        raise WrongSettingError(
            "DATABASE_URL", url.partition("@")[2] or url, f"{DATABASES[0]}… or {DATABASES[1]}…"
        )
    hops = environment.get("TRUSTED_PROXIES", "").strip()
    if hops and not (hops.isascii() and hops.isdigit() and int(hops) <= 9):
        raise WrongSettingError("TRUSTED_PROXIES", hops, "the number of proxies in front, 0 to 9")
