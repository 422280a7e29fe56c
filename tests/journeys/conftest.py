"""The portal, a browser, and people in front of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser

from portal.accounts.enums import Role
from tests.journeys.house import House
from tests.journeys.moving_house import MovingHouse
from tests.journeys.story import Story
from tests.journeys.watch import NARROW, WIDE, Watch

Cast = Callable[..., Story]
Person = TypeVar("Person", bound=Story)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The portal, started as a user starts it; Ctrl-C ends it and leaves no process."""
    opened = House(tmp_path_factory.mktemp("house"))
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="session")
def watch() -> Watch:
    """Looks at every kind of page once."""
    return Watch()


def seat(
    house: House | MovingHouse, chromium: Browser, watch: Watch, *, narrow: bool = False, scripted: bool = True,
    kind: type[Person] = Story,
) -> Person:  # fmt: skip
    """A browser profile of its own, in Japan."""
    context = chromium.new_context(
        viewport=NARROW if narrow else WIDE,  # type: ignore[arg-type]
        locale="ja-JP", timezone_id="Asia/Tokyo", java_script_enabled=scripted, reduced_motion="reduce",
    )  # fmt: skip
    return kind(context, house.url, watch, scripted=scripted)


@pytest.fixture
def someone(house: House, chromium: Browser, watch: Watch) -> Iterator[Cast]:
    """Makes people: `someone()`, `someone(narrow=True)`, `someone(scripted=False)`."""
    made: list[Story] = []

    def make(**how: Any) -> Story:
        made.append(seat(house, chromium, watch, **how))
        return made[-1]

    yield make
    for story in made:
        story.context.close()


@pytest.fixture(scope="session")
def office(house: House, chromium: Browser, watch: Watch) -> Iterator[Story]:
    """The secretariat, signed in once for all stories."""
    story = seat(house, chromium, watch)
    story.sign_in_as(Role.SECRETARIAT)
    yield story
    story.context.close()


@pytest.fixture(scope="session")
def committee(house: House, chromium: Browser, watch: Watch) -> Iterator[Story]:
    """A member of the steering committee, signed in once for all stories."""
    story = seat(house, chromium, watch)
    story.sign_in_as(Role.STEERING_COMMITTEE)
    yield story
    story.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A story that failed shows what the portal printed meanwhile."""
    report: Any = yield
    house = getattr(item, "funcargs", {}).get("house")
    if report.when == "call" and report.failed and house is not None:
        report.sections.append(("portal", house.printed()))
    return report
