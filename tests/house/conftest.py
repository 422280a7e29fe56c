"""The world, as it was in the beginning, for every test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core.db import db
from portal.core.transaction import rollback
from tests.support.databases import Database
from tests.support.world import Keeper, World, at_noon, build


@pytest.fixture(scope="session")
def kept(
    whole_app: Flask, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> tuple[World, Keeper]:
    """The world, built once a run."""
    database.restore(whole_app)
    with at_noon():
        world = build(whole_app)
    return world, Keeper(whole_app, database, tmp_path_factory.mktemp("world"))


@pytest.fixture
def keeper(kept: tuple[World, Keeper]) -> Keeper:
    """Brings the world back in the middle of a test."""
    return kept[1]


@pytest.fixture
def world(kept: tuple[World, Keeper]) -> Iterator[World]:
    """The world, untouched, at its moment, inside an application context."""
    world, keeper = kept
    keeper.restore()
    with at_noon(), world.app.app_context():
        yield world
        rollback()
        db.session.remove()
