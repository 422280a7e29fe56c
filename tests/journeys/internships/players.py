"""Who takes part, what they call things, and what nobody but its owner may read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator

from portal.accounts.enums import Role
from portal.cli.demo import firms, people
from tests.journeys.moving_house import MovingHouse
from tests.journeys.story import Story

FIRM = firms.PHARMA
ROUND, ROUND_EN = "冬季募集", "Winter round"
CELLS, VALUES, PAPERS = "細胞画像の自動分類", "臨床検査値の時系列解析", "論文からの知識抽出"
CELLS_EN = "Sorting images of cells"
TITLES = (CELLS, VALUES, PAPERS)  # in this order they are written, and shown interest in
WISHES = (VALUES, CELLS, PAPERS)  # and in this one ranked: no page that goes through the others comes upon it
SUPERVISOR = people.SUPERVISOR.address(people.UNIVERSITY_DOMAIN)
STUDENT = people.STUDENT
OTHER = people.STUDENT_EN


class Outsider(Story):
    """Somebody for whom a student's ranks are a secret: on no page may the titles stand in the order of the list."""

    read = 0

    def check_page(self) -> None:
        """As always, and no ranks."""
        super().check_page()
        source = self.page.content()
        Outsider.read += 1
        assert not tells_wishes(source), f"{self.page.url} shows the order of a student's list"
        assert self.words("Why it came out so") not in source, f"{self.page.url} shows a student's result"


def tells_wishes(text: str) -> bool:
    """Whether the titles follow one another as on the list."""
    found = re.findall("|".join(map(re.escape, TITLES)), text)
    return any(tuple(found[n : n + len(WISHES)]) == WISHES for n in range(len(found)))


@dataclass
class Players:
    """The house and the people. Whoever was away too long signs in again."""

    house: MovingHouse
    office: Outsider
    company: Outsider
    student: Story
    other: Story  # has a telephone, reads English
    supervisor: Story  # has no account at hand, only mail
    anybody: Story
    places: dict[str, str] = field(default_factory=dict)  # addresses that a chapter leaves to the next ones

    @property
    def stories(self) -> tuple[Story, ...]:
        """Everybody."""
        return self.office, self.company, self.student, self.other, self.supervisor, self.anybody

    def arrive(self) -> None:
        """Everybody signs in by a button of the demonstration."""
        for story in (self.office, self.company, self.student, self.other):
            self._sign_in(story)

    def return_to(self, story: Story, path: str) -> None:
        """Open an address; who is no longer signed in does so first."""
        address = story.url + path if path.startswith("/") else path
        story.page.goto(address, wait_until="load")
        if "/sign-in" in story.page.url:
            self._sign_in(story)
            story.page.goto(address, wait_until="load")
        story.check_page()

    def _sign_in(self, story: Story) -> None:
        seats = {
            self.office: (Role.CAREER_SUPPORT, 0, people.CAREER.name, "ja"),
            self.company: (Role.COMPANY_ADMIN, 0, FIRM.people[0].name, "ja"),
            self.student: (Role.STUDENT, 0, STUDENT.name, "ja"),
            self.other: (Role.STUDENT, 1, OTHER.name, "en"),
        }
        role, place, name, language = seats[story]
        story.context.clear_cookies()  # the browser was closed in between, and asks for Japanese
        story.language = "ja"
        assert story.sign_in_as(role, place, reads=language).startswith(name)


def panel(story: Story, title: str) -> Locator:
    """The part of the page under a heading."""
    heading = story.page.get_by_role("heading", name=title, exact=True)
    return story.main.locator("section.panel").filter(has=heading).first
