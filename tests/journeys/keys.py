"""A person with a keyboard alone. Wherever the focus goes it has to be seen."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.journeys.companies import Answers
from tests.journeys.story import Story, Typed

MOST_TABS = 160

# The focused element has a visible ring, stands inside the window, and nothing covers it.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement || e.tagName === 'IFRAME') return '';
  const name = `${e.tagName.toLowerCase()} ${e.name || e.id || e.textContent.trim().slice(0, 30)}`;
  const box = e.getBoundingClientRect();
  const ringed = (each) => getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2;
  if (!ringed(e) && !(e.closest('.choice, .tier-choice') && ringed(e.closest('.choice, .tier-choice')))) return `${name}: no ring`;
  if (box.bottom < 1 || box.top > innerHeight - 1 || box.right < 1 || box.left > innerWidth - 1) return `${name}: out of the window`;
  if (!box.width || !box.height) return `${name}: has no size`;
  const at = document.elementFromPoint(
    Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 1), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1));
  const same = !at || e.contains(at) || at.contains(e) || at.closest('label')?.control === e;
  return same ? '' : `${name}: covered by ${at.tagName.toLowerCase()}.${at.className}`;
}"""


class Keys:
    """Tab, Enter, Space, arrows and letters."""

    def __init__(self, story: Story) -> None:
        self.story, self.keyboard = story, story.page.keyboard

    def tab_to(self, goal: Locator) -> None:
        """Press Tab until the goal has the focus; every stop on the way has to be seen."""
        expect(goal).to_be_visible()
        for _ in range(MOST_TABS):
            self.keyboard.press("Tab")
            self.is_seen()
            if goal.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{MOST_TABS} tabs do not lead to {goal}")

    def is_seen(self) -> None:
        """The focus is in sight."""
        problem = self.story.page.evaluate(FOCUS)
        assert problem == "", f"{self.story.page.url}: {problem}"

    def press(self, goal: Locator, *, leads: bool = True) -> None:
        """Tab to a link or button and press Enter."""
        self.tab_to(goal)
        if leads:
            self.story.lead(lambda: self.keyboard.press("Enter"))
        else:
            self.keyboard.press("Enter")

    def fill_step(self, answers: dict[str, Typed]) -> None:
        """Answer a page of the application, control after control in the page's order."""
        for name, value in answers.items():
            self.answer(self.story.page.locator(f'#step [name="{name}"]:not([type=hidden])'), value)

    def answer(self, control: Locator, value: Typed) -> None:
        """Type words or a day, tick boxes, choose a radio button by its arrows."""
        kind = control.first.get_attribute("type") if control.count() else ""
        if kind == "radio":
            self._choose(control, str(value))
        elif kind == "checkbox":
            self._tick(control, value)
        elif kind == "date":
            self.tab_to(control)
            year, month, day = str(value).split("-")
            self.keyboard.type(month + day + year)
            expect(control).to_have_value(str(value))
        elif value:
            self.tab_to(control)
            self.keyboard.press("Control+A")
            self.keyboard.type(str(value))

    def _tick(self, boxes: Locator, value: Typed) -> None:
        wanted = value if isinstance(value, list) else ["y"] if value else []
        for each in wanted:
            box = (
                boxes if isinstance(value, bool) else boxes.and_(self.story.page.locator(f'[value="{each}"]'))
            )
            self.tab_to(box)
            self.keyboard.press("Space")
            expect(box).to_be_checked()

    def _choose(self, group: Locator, value: str) -> None:
        """The first Tab goes to the chosen button or the first one; arrows go on from there."""
        start = group.and_(self.story.page.locator(":checked"))
        self.tab_to(start if start.count() else group.first)
        goal = group.and_(self.story.page.locator(f'[value="{value}"]'))
        if group.first.evaluate("e => e === document.activeElement") and not start.count():
            self.keyboard.press("Space")
        for _ in range(group.count()):
            if goal.is_checked():
                return
            self.keyboard.press("ArrowDown")
            self.is_seen()
        expect(goal).to_be_checked()

    def fill_pages(self, answers: Answers, *, until: str) -> None:
        """Page after page, as `chapters.fill_pages` does it with a mouse."""
        story = self.story
        while (step := story.page.url.rpartition("/")[2]) != until:
            if step == "attachments":
                self.press(story.main.get_by_role("link", name=story.words("Continue"), exact=True))
                continue
            self.fill_step(answers[step])
            self.press(story.main.get_by_role("button", name=story.words("Save and continue")))
            assert story.page.url.rpartition("/")[2] != step, story.main.inner_text()[:1500]
