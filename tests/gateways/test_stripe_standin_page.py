"""The checkout page, as a browser without script sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from portal.gateways.payments import Checkout, CheckoutStatus, IntentStatus
from portal.gateways.stripe_standin import StandIn
from portal.gateways.stripe_standin.words import WORDS
from tests.gateways.rig import Rig


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def _choose(browser: requests.Session, checkout: Checkout, choice: str, **form: str) -> requests.Response:
    url = re.sub(r"\?.*", "", str(checkout.url))
    return browser.post(url, data={"choice": choice, **form}, allow_redirects=False, timeout=10)


def _text(answer: requests.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_page_says_that_it_is_no_real_payment(stand_in_rig: Rig, browser: requests.Session) -> None:
    made = stand_in_rig.checkout(reference="INV-2026-0042", description="年会費 <b>B</b>")
    japanese = browser.get(str(made.url), timeout=10)
    assert '<html lang="ja">' in japanese.text
    assert WORDS["notice"]["ja"] in _text(japanese)
    assert "INV-2026-0042" in _text(japanese)
    assert "¥1,100,000" in _text(japanese)
    assert "年会費 &lt;b&gt;B&lt;/b&gt;" in japanese.text
    english = browser.get(f"{made.url}?lang=en", timeout=10)
    assert '<html lang="en">' in english.text
    assert "Demo payment page — no real money." in _text(english)


def test_page_follows_the_sessions_language(stand_in_rig: Rig, browser: requests.Session) -> None:
    english = browser.get(str(stand_in_rig.checkout(language="en").url), timeout=10)
    assert '<html lang="en">' in english.text
    undecided = stand_in_rig.checkout(language=None)
    headers = {"Accept-Language": "en-GB,en;q=0.9"}
    assert '<html lang="en">' in browser.get(str(undecided.url), headers=headers, timeout=10).text
    assert '<html lang="ja">' in browser.get(str(undecided.url), timeout=10).text


def test_page_brings_everything_itself(
    stand_in: StandIn, stand_in_rig: Rig, browser: requests.Session
) -> None:
    page = browser.get(str(stand_in_rig.checkout().url), timeout=10)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith(
        "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self' https://renkei.example;"
    )
    assert re.findall(r"<script|<style|style=| on\w+=|src=", page.text) == []
    assert re.findall(r'<link [^>]*href="([^"]+)"', page.text)[-1:] == ["/pay/checkout.css"]
    assert re.findall(r'href="(?!/pay/|\?lang=|https://renkei.example/)', page.text) == []
    sheet = browser.get(f"{stand_in.url}/pay/checkout.css", timeout=10)
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert "url(" not in sheet.text


def test_assets_stay_in_their_folder(stand_in: StandIn, browser: requests.Session) -> None:
    for name in ("font/../../../pyproject.toml", "font/%2e%2e/%2e%2e/tokens.css", "font/", "font//etc/hosts"):
        url = requests.Request("GET", stand_in.url).prepare()
        url.url = f"{stand_in.url}/pay/{name}"
        assert browser.send(url, timeout=10).status_code == 404


def test_accepted_card_leads_back(stand_in_rig: Rig, browser: requests.Session) -> None:
    made = stand_in_rig.checkout()
    answer = _choose(browser, made, "card_accept")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"https://renkei.example/paid?session={made.id}",
    )
    assert stand_in_rig.payments.fetch_checkout(made.id).is_paid
    assert WORDS["paid"]["ja"] in _text(browser.get(str(made.url), timeout=10))
    assert _choose(browser, made, "card_accept").status_code == 409


def test_declined_card_can_be_tried_again(stand_in_rig: Rig, browser: requests.Session) -> None:
    made = stand_in_rig.checkout()
    declined = _choose(browser, made, "card_decline")
    assert declined.status_code == 402
    assert WORDS["declined"]["ja"] in _text(declined)
    assert stand_in_rig.payments.fetch_checkout(made.id).status is CheckoutStatus.OPEN
    assert _choose(browser, made, "card_accept").status_code == 303
    intent = stand_in_rig.payments.fetch_checkout(made.id).payment_intent_id
    assert stand_in_rig.payments.fetch_payment_intent(str(intent)).received_yen == 1_100_000


def test_transfer_too_little_then_the_rest(stand_in_rig: Rig, browser: requests.Session) -> None:
    made = stand_in_rig.checkout()
    chosen = _choose(browser, made, "transfer")
    assert (chosen.status_code, chosen.headers["Location"]) == (303, f"/pay/{made.id}?lang=ja")
    shown = browser.get(str(made.url), timeout=10)
    intent_id = str(stand_in_rig.payments.fetch_checkout(made.id).payment_intent_id)
    account = stand_in_rig.payments.fetch_payment_intent(intent_id).transfer_account
    assert account is not None
    assert account.account_number in _text(shown)
    assert "デモ銀行 (9998)" in _text(shown)

    partly = browser.post(str(made.url), data={"choice": "part", "amount": "1,099,340"}, timeout=10)
    assert partly.history[0].status_code == 303
    assert "¥1,099,340の入金がありました。残りは¥660です。" in _text(partly)
    assert stand_in_rig.payments.fetch_payment_intent(intent_id).is_partially_funded

    paid = _choose(browser, made, "full")
    assert paid.headers["Location"] == f"https://renkei.example/paid?session={made.id}"
    assert stand_in_rig.payments.fetch_payment_intent(intent_id).status is IntentStatus.SUCCEEDED


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.5", "many", "9" * 20, "１２x"])
def test_wrong_amounts_are_said_at_the_field(
    stand_in_rig: Rig, browser: requests.Session, amount: str
) -> None:
    made = stand_in_rig.checkout()
    _choose(browser, made, "transfer")
    answer = _choose(browser, made, "part", amount=amount)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{amount}"' in answer.text
    assert WORDS["bad_amount"]["ja"] in _text(answer)


def test_choices_that_are_not_offered_do_nothing(stand_in_rig: Rig, browser: requests.Session) -> None:
    made = stand_in_rig.checkout()
    for choice in ("full", "part", "", "free"):
        assert _choose(browser, made, choice, amount="5").status_code == 409
    assert stand_in_rig.payments.fetch_checkout(made.id) == made


def test_card_alone_shows_no_transfer(stand_in_rig: Rig, browser: requests.Session) -> None:
    made = stand_in_rig.checkout(methods={"card"})
    assert WORDS["transfer"]["ja"] not in _text(browser.get(str(made.url), timeout=10))
    assert _choose(browser, made, "transfer").status_code == 409


def test_expired_and_unknown_pages_lead_back(
    stand_in: StandIn, stand_in_rig: Rig, browser: requests.Session
) -> None:
    made = stand_in_rig.checkout()
    stand_in_rig.payments.expire_checkout(made.id)
    expired = browser.get(str(made.url), timeout=10)
    assert WORDS["expired"]["ja"] in _text(expired)
    assert 'href="https://renkei.example/invoice"' in expired.text
    unknown = browser.get(f"{stand_in.url}/pay/cs_test_unknown", timeout=10)
    assert unknown.status_code == 404
    assert WORDS["missing"]["ja"] in _text(unknown)


def test_every_word_has_both_languages() -> None:
    assert {name for name, word in WORDS.items() if set(word) != {"ja", "en"}} == set()
