"""For the watchman: is the process alive, and can it serve?"""

from __future__ import annotations

from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, jsonify
from sqlalchemy import column, select, table
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.db import db
from portal.settings import ROOT

blueprint = Blueprint("house", __name__)
_version = table("alembic_version", column("version_num"))


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


@cache
def newest_migration() -> str | None:
    """The revision that this code expects."""
    return _scripts().get_current_head()


def known_migrations() -> frozenset[str]:
    """Every revision that this code can come from."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def present_migration() -> str | None:
    """The revision that the database has; None for an empty one."""
    try:
        return db.session.scalar(select(_version.c.version_num))
    except SQLAlchemyError:
        db.session.rollback()
        return None


@blueprint.get("/healthz")
@access.public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@access.public
def readyz() -> tuple[Response, int]:
    """The database answers and has this code's migrations."""
    ready = present_migration() == newest_migration()
    return jsonify(status="ready" if ready else "not ready"), 200 if ready else 503


def init_app(app: Flask) -> None:
    """Add both addresses."""
    app.register_blueprint(blueprint)
