"""The application factory."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.accounts.session import login_manager
from portal.core import assets, formats, i18n, links, logs, security, templates, transaction
from portal.core import limits as limits
from portal.core.access import check_every_route_has_a_rule
from portal.core.db import db, engine_options, prepare_engine
from portal.core.pages import IdConverter, url_stem
from portal.settings import ROOT, MissingSettingError, Mode, Settings
from portal.wiring import errors, features, gateways, health, navigation

MOST_UPLOADED = 32_000_000  # more than a file may have, so that a larger one is refused at its field
MOST_FORM_TEXT = 1_000_000


def create_app(settings: Settings | None = None, *, doors: dict[str, Any] | None = None) -> Flask:
    """The whole portal for `settings`; `doors` replaces gateways by name.

    Raises MissingSettingError for production, RuntimeError when a route says nothing about who may come.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(_flask_settings(settings))
    templates.prepare(app)
    app.extensions["renkei.settings"] = settings
    app.extensions["renkei.gateways"] = gateways.build(settings) | (doors or {})
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.globals["url_stem"] = url_stem
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logs.configure(settings.log_level)
    # In this order: an id for the log, limits (on their own connection), then the request's transaction.
    logs.init_app(app)
    security.init_app(app)
    _open_database(app)
    transaction.init_app(app)
    login_manager.init_app(app)
    i18n.init_app(app)
    formats.init_app(app)
    assets.init_app(app)
    links.init_app(app)
    navigation.init_app(app)
    errors.init_app(app)
    health.init_app(app)
    features.init_app(app)
    check_every_route_has_a_rule(app)
    return app


def _open_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)


def _flask_settings(settings: Settings) -> dict[str, Any]:
    secure = settings.secure_cookies
    return {
        "SECRET_KEY": _secret_key(settings),
        "SECRET_KEY_FALLBACKS": settings.old_secret_keys.split(),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "__Host-renkei" if secure else "renkei",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": MOST_UPLOADED,
        "MAX_FORM_MEMORY_SIZE": MOST_FORM_TEXT,
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open overnight still works; the token dies with the session
        "WTF_CSRF_SSL_STRICT": False,  # the token is enough, and some companies' proxies strip the referrer
        "RATELIMIT_STORAGE_URI": settings.redis_url or "renkei://",
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": False,
        "TESTING": settings.mode is Mode.TEST,
    }


def _secret_key(settings: Settings) -> str:
    if len(settings.secret_key) >= 32:
        return settings.secret_key
    if settings.is_production:
        raise MissingSettingError(
            "SECRET_KEY is missing or shorter than 32 characters; `renkei doctor` tells what else is needed"
        )
    return settings.secret_key or "a demo and test key that signs nothing of value"
