"""Settings come from the environment, and the defaults are those of production."""

from __future__ import annotations

import os

import pytest

from portal.settings import Mode, Settings


def test_an_empty_environment_is_production() -> None:
    settings = Settings.from_environment({})
    assert (settings.mode, settings.is_production, settings.secure_cookies) == (Mode.PRODUCTION, True, True)
    assert (settings.secret_key, settings.smtp_url, settings.stripe_secret_key, settings.proxies) == (
        "",
        "",
        "",
        0,
    )


def test_the_real_environment_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENKEI_MODE", "demo")
    monkeypatch.setenv("TRUSTED_PROXIES", " 1 ")
    settings = Settings.from_environment(os.environ)
    assert (settings.mode, settings.proxies, settings.secure_cookies) == (Mode.DEMO, 1, False)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="debug"):
        Settings.from_environment({"RENKEI_MODE": "debug"})
