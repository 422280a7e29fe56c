"""Faults on the real code, and each again on the mutant that it must catch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.enums import Role
from tests.billing.faults import FAULTS, World
from tests.billing.mutants import MUTANTS
from tests.billing.payer import Payer
from tests.support.people import actor_of, company, person, staff


@pytest.fixture
def world(app: Flask, payer: Payer, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> World:
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    clerk = actor_of(staff(Role.SECRETARIAT))
    return World(app, payer, contact, clerk, run_jobs, monkeypatch)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_nothing_goes_wrong(world: World, fault: Callable[[World], None]) -> None:
    fault(world)


@pytest.mark.parametrize(("mutant", "fault"), MUTANTS, ids=lambda each: each.__name__)
def test_the_fault_catches_its_mutant(
    world: World, mutant: Callable[[pytest.MonkeyPatch], None], fault: Callable[[World], None]
) -> None:
    mutant(world.patch)
    with pytest.raises(AssertionError):
        fault(world)
