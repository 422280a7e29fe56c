"""Lists: the student's by buttons and keys, the company's in its own order; then they lock, the match runs, a run is chosen."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.journeys.internships.players import (
    CELLS,
    CELLS_EN,
    OTHER,
    PAPERS,
    ROUND,
    ROUND_EN,
    STUDENT,
    VALUES,
    WISHES,
    Players,
)
from tests.journeys.keys import Keys
from tests.journeys.story import Story


def rank_postings(players: Players) -> None:
    """Two by a button, one by the keyboard alone, which then carries it to the top; each step is saved."""
    student = players.student
    players.return_to(student, "/home")
    student.follow(student.words("Rankings"), exact=True)
    student.follow(f"{student.words('Rank postings')} {ROUND}")
    players.places["list"] = student.page.url
    for title in (CELLS, PAPERS):
        _step(student, "Add", title).click()
        expect(_entry(student, title)).to_be_visible()
    keys = Keys(student)
    keys.press(_step(student, "Add", VALUES), leads=False)
    expect(_entry(student, VALUES)).to_be_visible()
    handle = _entry(student, VALUES).locator("[data-handle]")
    keys.tab_to(handle)
    for _ in range(2):
        expect(handle).to_be_focused()
        before = _names(student)
        keys.keyboard.press("ArrowUp")
        expect(_entries(student)).not_to_have_text(before)
    assert _names(student) == list(WISHES)
    student.page.reload()
    student.check_page()
    assert _names(student) == list(WISHES)
    expect(_entry(student, PAPERS).locator(".ranked-odd")).to_be_visible()  # not approved


def rank_one(players: Players) -> None:
    """The other student has one wish, and is told that this is few."""
    other = players.other
    players.return_to(other, "/matching/rounds")
    other.follow(f"{other.words('Rank postings')} {ROUND_EN}")
    _step(other, "Add", CELLS_EN).click()
    expect(_entry(other, CELLS_EN)).to_be_visible()
    expect(other.main.locator(".notice-warn").first).to_be_visible()
    other.check_page()


def rank_applicants(players: Players) -> None:
    """The company ranks one student after the other, then turns them round; the keyboard does the same as the button."""
    company = players.company
    players.return_to(company, "/home")
    company.follow(company.words("Rankings"), exact=True)
    company.main.get_by_role("link", name=ROUND).first.click()
    for name in (OTHER.name, STUDENT.name):
        _step(company, "Rank", name).click()
        expect(company.page.locator(".tier .ranked-title", has_text=name)).to_be_visible()
    _step(company, "To the top", STUDENT.name).click()
    expect(company.page.locator(".tier").first).to_contain_text(STUDENT.name)
    expect(company.page.locator(".tier").nth(1)).to_contain_text(OTHER.name)
    company.check_page()


def look_before_lock(players: Players) -> None:
    """The office sees who is missing, and no ranks."""
    office = players.office
    players.return_to(office, "/staff")
    office.follow(office.words("Internships"), exact=True)
    office.follow(ROUND, where=office.main)
    players.places["round_of_office"] = office.page.url
    office.follow(office.words("Before the lists lock"))
    office.sees(office.words("Everybody may."))


def lock(players: Players) -> None:
    """Nothing can be changed any more, also on a page that was opened before."""
    student = players.student
    with student.refused(409):
        _step(student, "Down", VALUES).click()
        expect(student.page.locator("[data-refusal]")).to_be_visible()
    players.return_to(student, players.places["list"])
    student.sees(student.words("The lists of this round are locked. This is how yours stands."))
    expect(student.main.get_by_role("button", name=student.words("Up"))).to_have_count(0)


def run_match(players: Players) -> None:
    """The office runs the match, watches it, and chooses the run."""
    office = players.office
    players.return_to(office, players.places["round_of_office"])
    office.follow(office.words("Runs of the match"), where=office.main)
    office.press(office.words("Run the match"))
    players.house.work()
    office.look_again(office.words("Stable"))
    office.follow(office.words("Choose this result"))
    office.press(office.words("Choose this result"))
    office.sees(office.words("A result is chosen"))
    student = players.student
    with student.refused(404):
        student.page.goto(players.places["list"].replace("/list", "/result"))


def _step(story: Story, label: str, name: str) -> Locator:
    words = story.words(label)
    return story.main.get_by_role("button", name=f"{words} {name}", exact=True)


def _entries(story: Story) -> Locator:
    return story.page.locator("ol[data-ranked] .ranked-title")


def _entry(story: Story, title: str) -> Locator:
    return story.page.locator("ol[data-ranked] > li").filter(has_text=title)


def _names(story: Story) -> list[str]:
    return _entries(story).all_inner_texts()
