"""One person's browser, and what the person does with it, in small verbs.

Every page that a verb leads to is looked at (`watch`); errors in the console, breaches of the policy and refused requests
fail the story at once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect
from playwright.sync_api import Error as BrowserError

from portal.accounts.enums import Role
from tests.journeys.watch import Watch
from tests.support.catalogue import japanese_of

Typed = str | bool | list[str]
MAIL_WITHIN_SECONDS = 20.0
POLICY_NEWS = """document.addEventListener('securitypolicyviolation', (e) =>
  console.error(`policy: ${e.violatedDirective} ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber}`));"""


class Story:
    """A person in front of a browser. `language` is what the pages have to be in; not `scripted`: no script runs."""

    def __init__(self, context: BrowserContext, url: str, watch: Watch, *, scripted: bool = True) -> None:
        self.context, self.url, self.watch, self.scripted = context, url, watch, scripted
        self.language = "ja"
        self.faults: list[str] = []
        self._welcome_refusals: set[int] = set()
        context.set_default_timeout(15_000)
        context.add_init_script(POLICY_NEWS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("response", self._receive)
        self.page: Page = context.new_page()

    # words

    def words(self, msgid: str, **variables: Any) -> str:
        """The portal's words for an English msgid in this person's language."""
        found = msgid if self.language == "en" else japanese_of().get(msgid) or msgid
        return found % variables if variables else found.replace("%%", "%")

    def last_words(self, msgid: str) -> str:
        """What follows the last thing that is filled in."""
        return re.split(r"%\(\w+\)s", self.words(msgid))[-1].strip()

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.locator("main")

    def sees(self, *texts: str | re.Pattern[str], where: Locator | None = None) -> None:
        """All of these stand on the page, each in sight."""
        for text in texts:
            expect((where or self.main).get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_no(self, *texts: str) -> None:
        """None of these stands on the page."""
        for text in texts:
            expect(self.main.get_by_text(text).filter(visible=True)).to_have_count(0)

    # ways

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.url + path if path.startswith("/") else path, wait_until="load")
        self.check_page()

    def follow(self, words: str, *, where: Locator | None = None, exact: bool = False) -> None:
        """Follow the first link in sight with these words."""
        link = (where or self.page).get_by_role("link", name=words, exact=exact).filter(visible=True).first
        self.lead(link.click)

    def press(self, words: str, *, where: Locator | None = None, exact: bool = False) -> None:
        """Press the first button in sight with these words; it leads to a page."""
        button = (
            (where or self.page).get_by_role("button", name=words, exact=exact).filter(visible=True).first
        )
        self.lead(button.click)

    def lead(self, act: Callable[[], object]) -> None:
        """Do what leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            act()
        self.check_page()

    def look_again(self, *texts: str, within: float = MAIL_WITHIN_SECONDS) -> None:
        """Reload until these words stand on the page; what a job does takes its moment."""
        ends = time.monotonic() + within
        while not all(self.main.get_by_text(t).filter(visible=True).count() for t in texts):
            assert time.monotonic() < ends, (
                f"not on {self.page.url}: {texts}\n{self.main.inner_text()[:1500]}"
            )
            time.sleep(0.2)
            with suppress(BrowserError):  # a page that watches its job may be loading itself at this moment
                self.page.reload(wait_until="load")
        self.check_page()

    def download(self, link: Locator) -> tuple[str, bytes]:
        """The name and content of the file behind a link."""
        with self.page.expect_download() as news:
            link.click()
        return news.value.suggested_filename, Path(news.value.path()).read_bytes()

    # forms

    def fill(self, answers: Mapping[str, Typed], *, form: str = "main form", slowly: bool = False) -> None:
        """Fill in controls by their names: words, a choice's value, several values, or a tick."""
        for name, value in answers.items():
            control = self.page.locator(f'{form} [name="{name}"]:not([type=hidden])')
            if isinstance(value, bool):
                self.tick(control, value)
            elif control.first.get_attribute("type") in ("radio", "checkbox"):
                for each in [value] if isinstance(value, str) else value:
                    self.tick(self.page.locator(f'{form} [name="{name}"][value="{each}"]'))
            elif control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            elif slowly and control.get_attribute("type") != "date":
                control.press_sequentially(str(value), delay=25)
            else:
                control.fill(str(value))

    def tick(self, box: Locator, wanted: bool = True) -> None:
        """Tick a box or choose a radio button, or take the tick away, by its label."""
        if box.is_checked() != wanted:
            self.page.locator(f'label[for="{box.get_attribute("id")}"]').click()
            expect(box).to_be_checked(checked=wanted)

    def fill_step(self, answers: Mapping[str, Typed], *, slowly: bool = False) -> None:
        """Fill in a page of the application; `slowly` waits until the page says that it is saved."""
        self.fill(answers, form="#step", slowly=slowly)
        if slowly:
            self.is_saved()

    def is_saved(self) -> None:
        """Autosave says so, with the time."""
        status = self.page.locator("[data-autosave-status]")
        expect(status).to_have_class("autosave is-saved")
        expect(status).to_contain_text(self.words("Saved"))

    # people

    def sign_in_as(self, role: Role, place: int = 0, *, reads: str = "") -> str:
        """One click on the demonstration's sign-in page; gives the person's name. `reads`: whose pages are in another language."""
        self.open("/sign-in")
        group = self.main.locator("dl.facts > div").filter(
            has=self.page.locator("dt", has_text=self.words(str(role.label)))
        )
        button = group.get_by_role("button").nth(place)
        name = button.locator("span").first.inner_text().partition("\n")[0].strip()
        self.language = reads or self.language
        self.lead(button.click)
        return name

    def switch_language(self) -> None:
        """Press the other language's name; the same page comes back in it."""
        before = self.page.url
        self.language = "en" if self.language == "ja" else "ja"
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("form.language button").click()
        assert self.page.url == before
        self.check_page()

    # mail

    def open_mail(self, subject: str, *, to: str) -> str:
        """Open the newest mail to an address whose subject has these words, once it is there; gives its plain text."""
        ends = time.monotonic() + MAIL_WITHIN_SECONDS
        link = self.main.locator("table .main a", has_text=subject).first
        self.page.goto(f"{self.url}/demo/mailbox?to={to}", wait_until="load")
        while not link.count():
            subjects = self.main.locator("table .main").all_inner_texts()
            assert time.monotonic() < ends, f"no mail to {to} has {subject!r}: {subjects}"
            time.sleep(0.25)
            self.page.reload(wait_until="load")
        self.lead(link.click)
        return self.page.locator("pre.mail-text").text_content() or ""

    def follow_mail(self) -> None:
        """Press the button of the mail that is open."""
        button = self.page.frame_locator("iframe.mail-frame").get_by_role("link").first
        self.lead(button.click)

    # faults

    def check_page(self) -> None:
        """The page as it stands is without fault; so was everything on the way to it."""
        if self.scripted:
            self.faults += self.watch.faults(self.page, self.language)
        self.no_faults()

    def no_faults(self) -> None:
        """Nothing has gone wrong up to here."""
        found, self.faults = self.faults, []
        assert found == [], "\n".join([f"{self.page.url} ({self.language})", *dict.fromkeys(found)])

    @contextmanager
    def refused(self, status: int = 422) -> Iterator[None]:
        """Inside, answers with this status are what the story wants."""
        self._welcome_refusals.add(status)
        yield
        self._welcome_refusals.discard(status)

    def _hear(self, message: ConsoleMessage) -> None:
        # the browser's remark on a refused request; `_receive` judges those
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _receive(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._welcome_refusals:
            self.faults.append(f"{response.status} from {response.request.method} {response.url}")
