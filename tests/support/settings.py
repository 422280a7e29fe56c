"""Settings of the application under test."""

from __future__ import annotations

from portal.settings import Mode, Settings


def settings_for(url: str, **more: str) -> Settings:
    """Test settings on a database."""
    return Settings(
        mode=Mode.TEST,
        database_url=url,
        secret_key="tests sign nothing of value, but long enough",
        public_url="http://localhost",
        mail_from="事務局 <office@renkei.example>",
        consortium_name_ja="医療データ科学コンソーシアム",
        consortium_name_en="Medical Data Science Consortium",
        log_level="ERROR",
        **more,
    )
