"""Parts that several stories share: apply, send in, check, decide, pay."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.companies import Answers, Company, upload
from tests.journeys.story import Story

DECISION_MINUTES = "2026-11 第3号"


def knock(applicant: Story, company: Company) -> None:
    """From the tiers to the first page of an application: a stranger is mailed a link."""
    applicant.open("/membership/tiers")
    applicant.follow(applicant.words("Apply"), where=applicant.page.locator(".offer").first)
    applicant.fill({"name": company.person, "email": company.email})
    applicant.press(applicant.words("Send me the link"))
    applicant.sees(company.email)
    confirm_address(applicant, company.email)
    applicant.press(applicant.words("Begin the application"))
    assert step_of(applicant) == "company"


def confirm_address(applicant: Story, email: str) -> None:
    """Open the mail with the link, follow it, press the button."""
    applicant.open_mail("", to=email)
    applicant.follow_mail()
    applicant.press(applicant.words("Confirm the address and go on"))


def step_of(applicant: Story) -> str:
    """The page of the application that is open."""
    return urlsplit(applicant.page.url).path.rpartition("/")[2]


def fill_pages(
    applicant: Story, answers: Answers, *, until: str = "confirm", slowly: tuple[str, ...] = ()
) -> None:
    """Answer page after page until the one named `until` is open."""
    while (step := step_of(applicant)) != until:
        if step == "attachments":
            applicant.follow(applicant.words("Continue"), exact=True)
            continue
        applicant.fill_step(answers[step], slowly=step in slowly)
        applicant.press(applicant.words("Save and continue"))
        assert step_of(applicant) != step, f"{step} was not accepted: {applicant.main.inner_text()[:1500]}"


def attach(applicant: Story, name: str = "会社案内.pdf") -> None:
    """Add a file on the page of the attachments."""
    assert step_of(applicant) == "attachments"
    applicant.fill({"kind": "company_profile"})
    applicant.page.locator("main input[type=file]").set_input_files(upload(name))
    applicant.press(applicant.words("Add this file"))
    applicant.sees(name)


def send_in(applicant: Story) -> str:
    """Accept the wordings and send; gives the receipt number."""
    assert step_of(applicant) == "confirm"
    applicant.fill({"membership_rules": True, "anti_social_pledge": True, "personal_data": True})
    applicant.press(applicant.words("Send the application"))
    applicant.sees(applicant.words("We have received your application"))
    number = applicant.page.locator("p.receipt").inner_text().strip()
    assert re.search(r"\d", number), number
    return number


def apply(applicant: Story, company: Company) -> str:
    """The whole way of an applicant; gives the receipt number."""
    knock(applicant, company)
    fill_pages(applicant, company.answers())
    return send_in(applicant)


def find_application(office: Story, receipt: str) -> None:
    """From the office's list to one application."""
    office.open("/staff/membership/applications?state=all")
    box = office.main.locator('input[name="q"]')
    box.fill(receipt)
    office.lead(lambda: box.press("Enter"))
    office.lead(office.main.locator("table .main a").first.click)
    office.sees(receipt)


def check(office: Story, receipt: str) -> None:
    """The secretariat ticks everything, sees what will happen, and confirms."""
    find_application(office, receipt)
    office.follow(office.words("Record the check"))
    for box in office.main.locator("form.form input[type=checkbox]").all():
        office.tick(box)
    office.press(office.words("See what will happen"))
    office.press(office.words("Record the check"))
    office.sees(office.words("The check is recorded. The committee has been told."))


def decide(committee: Story, receipt: str, decision: str, note: str = "") -> None:
    """The committee's decision is written down, looked at, and confirmed."""
    find_application(committee, receipt)
    committee.follow(committee.words("Record the decision"))
    committee.fill({"decision": decision, "minute_reference": DECISION_MINUTES, "note": note})
    committee.press(committee.words("See what will happen"))
    committee.press(committee.words("Record the decision"))
    committee.sees(committee.words("The decision is recorded. The company has been told."))


def return_with(office: Story, receipt: str, note: str, remarks: dict[str, str]) -> None:
    """Send it back with remarks at answers, by `page.field`."""
    find_application(office, receipt)
    office.follow(office.words("Return for correction"))
    office.fill({"note": note})
    for path, words in remarks.items():
        area = office.page.locator(f'[name="remark__{path.replace(".", "__", 1)}"]')
        office.page.locator("details").filter(has=area).locator("summary").click()
        area.fill(words)
    office.press(office.words("See what will happen"))
    office.press(office.words("Return for correction"))


def approve(office: Story, committee: Story, receipt: str) -> None:
    """Checked by the secretariat, approved by the committee: two people."""
    check(office, receipt)
    decide(committee, receipt, "approve")


def come_home(person: Story, email: str) -> None:
    """The home page. Approval gave the person roles, which ends sessions: then a mailed link leads in again."""
    person.open("/home")
    if urlsplit(person.page.url).path == "/sign-in":
        person.follow(person.words("Mail me a link"))
        person.fill({"email": email})
        person.press(person.words("Mail me a link"), where=person.main)
        subject = person.words("[%(sender)s] Your sign-in link, good until %(until)s")
        person.open_mail(max(re.split(r"%\(\w+\)s", subject), key=len).strip(), to=email)
        person.follow_mail()
        person.press(person.words("Sign in"), where=person.main)
    assert urlsplit(person.page.url).path == "/home"


def open_invoice(payer: Story, email: str) -> None:
    """From the home page to the newest invoice."""
    come_home(payer, email)
    payer.lead(payer.page.locator("#papers .main a").first.click)


def to_payment_page(payer: Story, method: str) -> None:
    """Press the button of the invoice; the payment service's page opens, in the same language."""
    with payer.page.expect_navigation(url=re.compile("/pay/"), wait_until="load"):
        payer.main.locator(f'form:has(input[name="method"][value="{method}"]) button').click()
    payer.check_page()
    expect(payer.page.locator("html")).to_have_attribute("lang", payer.language)


def choose(payer: Story, choice: str) -> None:
    """Press a button of the payment page."""
    payer.lead(payer.page.locator(f'button[value="{choice}"]').click)


def is_member(person: Story, company: Company) -> None:
    """The home page says so; then the application's own page, which stays open."""
    person.open("/home")
    expect(person.page.locator("#membership .state-active")).to_have_text(person.words("Active"))
    person.open("/membership/applications")
    person.lead(person.main.get_by_role("link", name=company.shown).first.click)
    person.sees(person.words("Your company is a member. Thank you for your payment."))
