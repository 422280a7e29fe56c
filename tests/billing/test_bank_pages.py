"""The office's pages of the bank: look at a file, import it, decide about each deposit."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.deposits import DepositState
from portal.billing.enums import ReceivableState
from portal.billing.models import BankDeposit, BankFile, PayerAlias, Receivable
from portal.billing.queries.bank import UPLOADED
from portal.billing.queries.book_rules import book_problems
from portal.billing.services.bank.accounts import columns_of, rules_now
from portal.billing.services.bank.sample import sample_file
from portal.core.db import db
from portal.core.transaction import rollback
from portal.files.models import StoredFile
from tests.support.bank import bank_file, bring, deposits, know, standing, transfer
from tests.support.billing import bill, fee
from tests.support.people import actor_of, browser_of, company, staff
from tests.support.sql import count_sql

AMOUNT = 1_100_000


@pytest.fixture
def who(app):
    return staff(Role.SECRETARIAT)


@pytest.fixture
def clerk(who):
    return actor_of(who)


@pytest.fixture
def browser(app, who):
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, who)
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def buyer(app):
    return company("見本製薬株式会社", name_kana="ミホンセイヤク")


def state(invoice) -> ReceivableState:
    rollback()
    return db.session.get_one(Receivable, invoice.id, populate_existing=True).state


def upload(browser, content: bytes, name: str = "ﾌﾘｺﾐ.txt", account: str = "zengin"):
    data = {"file": (io.BytesIO(content), name), "account": account}
    return browser.post("/staff/billing/bank-files/import", data=data, content_type="multipart/form-data")


def proposal_of(page: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="(\d+)"><input type="hidden" name="proposal" value="([^"]+)"', page)
    assert found
    more = re.findall(r'name="(looked|keeps)" value="(1)"', page)
    return {"seen": found[1], "proposal": found[2], **dict(more)}


def test_a_file_that_was_imported_is_not_offered_again(browser, clerk) -> None:
    content = bank_file(transfer(AMOUNT, "ミホンセイヤク"))
    look = browser.get(upload(browser, content).location)
    browser.post(re.search(r'action="([^"]*/confirm)"', look.text)[1], data={"account": "zengin"})  # type: ignore[index]
    again = browser.get(upload(browser, content).location)
    assert "操作は不要です" in again.text
    assert "/confirm" not in again.text


def test_a_decided_deposit_leads_to_the_next_one(browser, clerk, buyer) -> None:
    """Below it on the list first, then from the top; at last it says that all is done. What is too much stands apart."""
    invoice = bill(buyer)
    names = ("ミホンセイヤク", "ダレカ", "ダレデモ")
    bring(*(transfer(AMOUNT + 5 * n, name) for n, name in enumerate(names)), by=clerk)
    newest, middle, oldest = sorted((each.id for each in deposits()), reverse=True)
    rollback()

    def decide(deposit_id: int, verb: str, **typed: str) -> str:
        page = browser.get(f"/staff/billing/deposits/{deposit_id}").text
        seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)[1]  # type: ignore[index]
        answer = browser.post(f"/staff/billing/deposits/{deposit_id}/{verb}", data={"seen": seen} | typed)
        assert answer.status_code == 303
        return browser.get(answer.location).text

    typed = {"seen": "0", "number_1": invoice.number, "amount_1": str(AMOUNT + 5)}
    look = browser.post(f"/staff/billing/deposits/{middle}/share", data=typed)
    page = decide(middle, "apply", proposal=proposal_of(look.text)["proposal"])
    assert "未処理の入金があと2件あります" in page
    assert f'href="/staff/billing/deposits/{oldest}"' in page
    assert "¥1,100,000" in page
    assert "¥5</td>" in page
    assert f'href="/staff/billing/deposits/{newest}"' in decide(oldest, "park", note="x")
    assert "未処理の入金はありません" in decide(newest, "park", note="x")


def test_a_file_is_looked_at_and_then_imported_once(browser, clerk) -> None:
    answer = upload(browser, bank_file(transfer(AMOUNT, "ミホンセイヤク")))
    assert answer.status_code == 303
    look = browser.get(answer.location)
    assert "¥1,100,000" in look.text
    assert db.session.query(BankFile).count() == 0
    confirm = re.search(r'action="([^"]*/confirm)"', look.text)
    assert confirm
    for _n in range(2):
        browser.post(confirm[1], data={"account": "zengin"})
    rollback()
    assert db.session.query(BankDeposit).count() == 1
    assert db.session.query(StoredFile).filter_by(is_kept=False).count() == 0
    again = upload(browser, bank_file(transfer(AMOUNT, "ミホンセイヤク")))
    assert "すでに" in browser.get(again.location).text or "取込済み" in browser.get(again.location).text
    kept = browser.get("/staff/billing/bank-files").text
    file = re.search(r'formaction="([^"]*/bank-files/\d+/file)"', kept)
    assert file
    assert browser.post(file[1]).data == bank_file(transfer(AMOUNT, "ミホンセイヤク"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"1,2,3\n", b"\x00" * 400, bank_file.__doc__.encode()])
def test_a_bad_file_is_refused_at_its_field(browser, content) -> None:
    answer = upload(browser, content)
    assert answer.status_code == 422
    assert db.session.query(StoredFile).filter_by(is_kept=False).count() == 0


def test_without_a_file_the_form_says_so(browser) -> None:
    assert browser.post("/staff/billing/bank-files/import", data={"account": "zengin"}).status_code == 422


def test_one_click_applies_and_another_undoes(browser, clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_099_340, "カ)ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    at = f"/staff/billing/deposits/{deposit.id}"
    page = browser.get(at).text
    assert "見本製薬株式会社" in page
    assert "¥660" in page
    asked = proposal_of(page)
    assert browser.post(f"{at}/apply", data=asked).status_code == 303
    assert state(invoice) is ReceivableState.PAID
    assert browser.post(f"{at}/apply", data=asked).status_code == 409
    assert browser.post(f"{at}/undo", data={"seen": "1", "reason": " "}).status_code == 422
    assert browser.post(f"{at}/undo", data={"seen": "1", "reason": "別の会社"}).status_code == 303
    assert state(invoice) is ReceivableState.UNPAID
    assert "別の会社" in browser.get(at).text
    assert book_problems() == []


@pytest.mark.parametrize(
    "proposal", ["", "1", "1:2:3", "x" * 3000, "1:0:0:0", "99999999:1100000:0:1100000", "1:1100000:-1:1"]
)
def test_a_proposal_that_no_page_made_is_refused(browser, clerk, buyer, proposal) -> None:
    bill(buyer)
    bring(transfer(AMOUNT, "カ)ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    answer = browser.post(
        f"/staff/billing/deposits/{deposit.id}/apply", data={"seen": "0", "proposal": proposal}
    )
    assert answer.status_code in (404, 422)
    assert standing(deposit).state is DepositState.OPEN


def test_a_deposit_is_shared_out_by_hand(browser, clerk, buyer) -> None:
    other = company(name_kana="ベツ")
    first, second = bill(buyer), bill(other)
    bring(transfer(2_199_500, "ダレカ"), by=clerk)
    (deposit,) = deposits()
    at = f"/staff/billing/deposits/{deposit.id}"
    typed = {"seen": "0", "number_1": first.number.lower(), "amount_1": "1,100,000"}
    answer = browser.post(f"{at}/share", data=typed)
    assert answer.status_code == 422
    assert "1,100,000" in answer.text
    answer = browser.post(f"{at}/share", data=typed | {"number_2": "INV-1999-000001", "amount_2": "5"})
    assert answer.status_code == 422
    typed |= {"number_2": second.number, "amount_2": "1,099,500", "takes_fee": "y"}
    look = browser.post(f"{at}/share", data=typed)
    assert look.status_code == 200
    assert [state(first), state(second)] == [ReceivableState.UNPAID] * 2
    assert browser.post(f"{at}/apply", data=proposal_of(look.text)).status_code == 303
    assert [state(first), state(second)] == [ReceivableState.PAID] * 2
    assert book_problems() == []
    assert db.session.query(PayerAlias).count() == 0


def test_what_was_typed_is_shown_with_its_companies_and_mails_before_it_is_booked(
    browser, clerk, buyer
) -> None:
    """A company whose name is not on the statement is warned of; what changed since then is refused."""
    stranger = company("架空商事株式会社", name_kana="カクウシヨウジ")
    mine, other = bill(buyer), bill(stranger)
    bring(transfer(AMOUNT + 200_000, "ミホンセイヤク"), transfer(AMOUNT, "カクウシヨウジ"), by=clerk)
    deposit, rival = deposits()
    at = f"/staff/billing/deposits/{deposit.id}"
    typed = {"seen": "0", "number_1": mine.number, "amount_1": str(AMOUNT)}
    typed |= {"number_2": other.number, "amount_2": "200000"}
    assert browser.post(f"{at}/share", data=typed | {"seen": "1"}).status_code == 409
    look = browser.post(f"{at}/share", data=typed)
    warned, shown = look.text.split('<form class="form"')
    assert "架空商事株式会社" in warned
    assert "見本製薬株式会社" not in warned
    for said in ("見本製薬株式会社", "架空商事株式会社", "¥900,000", "keiri@kakuu.example"):
        assert said in shown
    assert "登録されます" not in shown  # two companies: the name is learned of neither
    there = f"/staff/billing/deposits/{rival.id}"
    browser.post(f"{there}/apply", data=proposal_of(browser.get(there).text))
    late = browser.post(f"{at}/apply", data=proposal_of(look.text))
    assert late.status_code == 409
    assert state(mine) is ReceivableState.UNPAID


def test_the_name_of_a_company_that_owes_nothing_is_said(browser, clerk, buyer) -> None:
    """Whether it is the company's own name or one that was confirmed; another's invoice is only of the same amount."""
    other = company("架空商事株式会社", name_kana="カクウシヨウジ")
    bill(other)
    know(buyer, "ベツノナマエ", clerk)
    names = ("ミホンセイヤク", "ベツノナマエ", "ドコカ")
    bring(*(transfer(AMOUNT, name) for name in names), transfer(5, names[0]), by=clerk)
    said = "名義は見本製薬株式会社と一致しますが、未収の請求書はありません。"
    pages = [browser.get(f"/staff/billing/deposits/{each.id}").text for each in deposits()]
    assert [said in page for page in pages] == [True, True, False, True]
    assert ["金額だけが一致しています" in page for page in pages] == [True, True, False, False]
    assert ["名義は不明です" in page for page in pages] == [False, False, True, False]


def test_a_name_known_as_anothers_pays_nobody_at_one_press(browser, clerk, buyer) -> None:
    """The preview comes first, and the name stays whose it is. Mutants: applied at once; the name learned all the same."""
    other = company("架空商事株式会社", name_kana="カクウシヨウジ")
    invoice = bill(other)
    bring(transfer(AMOUNT, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    at = f"/staff/billing/deposits/{deposit.id}"
    look = browser.post(f"{at}/apply", data=proposal_of(browser.get(at).text))
    assert look.status_code == 200
    assert "架空商事株式会社" in look.text
    assert "登録されます" not in look.text
    assert state(invoice) is ReceivableState.UNPAID
    assert browser.post(f"{at}/apply", data=proposal_of(look.text)).status_code == 303
    assert state(invoice) is ReceivableState.PAID
    assert db.session.query(PayerAlias).count() == 0


def test_parking_sending_back_and_filters(browser, clerk) -> None:
    bring(transfer(5_000, "ダレカ"), transfer(6_000, "ダレカモウヒトリ"), by=clerk)
    one, other = deposits()
    assert (
        browser.post(f"/staff/billing/deposits/{one.id}/park", data={"seen": "0", "note": ""}).status_code
        == 422
    )
    assert (
        browser.post(
            f"/staff/billing/deposits/{one.id}/park", data={"seen": "0", "note": "照会中"}
        ).status_code
        == 303
    )
    answer = browser.post(
        f"/staff/billing/deposits/{other.id}/send-back", data={"seen": "0", "note": "組戻し"}
    )
    assert answer.status_code == 303
    assert "¥5,000" in browser.get("/staff/billing/deposits?show=parked").text
    page = browser.get(f"/staff/billing/deposits/{one.id}").text
    assert "仮受中です" in page
    assert "仮受にしてください" not in page
    assert "¥5,000" not in browser.get("/staff/billing/deposits").text
    assert "¥6,000" in browser.get("/staff/billing/deposits?show=all").text
    assert book_problems() == []


def test_the_bank_takes_a_transfer_back_after_it_was_applied(browser, clerk, buyer) -> None:
    bill(buyer)
    bring(transfer(AMOUNT, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    at = f"/staff/billing/deposits/{deposit.id}"
    browser.post(f"{at}/apply", data=proposal_of(browser.get(at).text))
    bring(transfer(AMOUNT, "ミホンセイヤク", is_cancelled=True), by=clerk)
    told = deposits()[1]
    there = f"/staff/billing/deposits/{told.id}"
    assert browser.post(f"{there}/cancel", data={"seen": "0"}).status_code == 409
    browser.post(f"{at}/undo", data={"seen": "1", "reason": "取消"})
    assert browser.post(f"{there}/cancel", data={"seen": "0"}).status_code == 303
    assert [standing(d).state for d in (deposit, told)] == [DepositState.CANCELLED] * 2


def test_names_are_read_in_full_width_and_found_so(browser, clerk, buyer) -> None:
    """As transmitted they are in the title and on the button that copies; a mark of no letter stands by itself."""
    bring(transfer(AMOUNT, "ミホンセイヤク", payer_name="ｶ)ﾐﾎﾝﾌﾟﾗﾝﾄﾞ ｴﾞ"), by=clerk)
    know(buyer, "ｶ)ﾐﾎﾝﾌﾟﾗﾝﾄﾞ ｴﾞ", clerk)
    for asked in ("", "?q=プランド", "?q=ﾌﾟﾗﾝﾄﾞ"):
        page = browser.get(f"/staff/billing/payer-names{asked}").text
        assert 'title="ｶ)ﾐﾎﾝﾌﾟﾗﾝﾄﾞ ｴﾞ">カ)ミホンプランド エ゛</td>' in page
    assert "ｴﾞ" not in browser.get("/staff/billing/payer-names?q=ホカ").text.replace("q=", "")
    page = browser.get(f"/staff/billing/deposits/{deposits()[0].id}").text
    assert 'data-copy="ｶ)ﾐﾎﾝﾌﾟﾗﾝﾄﾞ ｴﾞ"' in page
    assert page.count("ﾌﾟ") == 1


def test_cancellations_of_a_file_are_shown_as_what_they_take_back(browser, clerk, buyer) -> None:
    """One takes back a deposit of the file, one an undecided deposit of before, one an applied one, one nothing."""
    invoice = bill(buyer)
    bring(transfer(AMOUNT, "ミホンセイヤク"), transfer(7_000, "ダレカ"), by=clerk)
    applied, waiting = deposits()
    at = f"/staff/billing/deposits/{applied.id}"
    browser.post(f"{at}/apply", data=proposal_of(browser.get(at).text))
    assert state(invoice) is ReceivableState.PAID
    back = [
        transfer(amount, name, is_cancelled=True)
        for amount, name in ((55, "ホカ"), (7_000, "ダレカ"), (AMOUNT, "ミホンセイヤク"), (9, "ナシ"))
    ]
    content = bank_file(transfer(55, "ホカ"), transfer(300, "ヒトツ"), *back)
    look = browser.get(upload(browser, content).location)
    shown, known = look.text.split('id="cancelled"')
    assert re.search(r"新しい入金</dt>\s*<dd>2</dd>", shown)
    assert "¥355" in shown
    assert "4件、¥1,107,064" in shown
    taken, new = known.split('id="new"')
    assert "このファイルの2行目の入金" in taken
    assert f'href="/staff/billing/deposits/{waiting.id}"' in taken
    assert f'href="{at}"' in taken
    assert taken.count("処理済みです") == 1
    assert "名義と金額が同じ入金は見つかりません" in taken
    assert "¥7,000" not in new
    done = browser.post(re.search(r'action="([^"]*/confirm)"', look.text)[1], data={"account": "zengin"})  # type: ignore[index]
    said = browser.get(done.location).text
    assert "2件の入金を取り込みました。" in said
    assert "取消は4件です。" in said
    came = [(each.amount_yen, standing(each).state) for each in deposits()[1:]]
    assert sorted(yen for yen, said in came if said is DepositState.CANCELLED) == [55, 55, 7_000, 7_000]


def test_settings_names_and_a_banks_csv(browser, clerk, buyer) -> None:
    bring(transfer(1, "ダレカ"), by=clerk)
    answer = browser.post("/staff/billing/bank/rules/edit", data={"fee_yen": "440", "applies_itself": "y"})
    assert answer.status_code == 303
    rollback()
    assert rules_now().fee_yen == 440
    account = {"bank_code": "9991", "branch_code": "12", "kind": "2", "number": "77", "name": "別口座"}
    assert browser.post("/staff/billing/bank/accounts/add", data=account).status_code == 303
    assert browser.post("/staff/billing/bank/accounts/add", data=account).status_code == 422
    page = browser.get("/staff/billing/bank").text
    assert "9991-012-2-0000077" in page
    place = re.findall(r'href="([^"]*/reading)"', page)[-1]
    mapping = {
        "day": "日付", "paid_in": "入金", "payer": "摘要", "head_line": "1", "foot_lines": "0", "delimiter": ",",
        "encoding": "auto", "short_years": "era",
    }  # fmt: skip
    assert browser.post(place, data=mapping).status_code == 303
    rollback()
    assert columns_of(int(place.split("/")[-2])).payer == "摘要"
    csv = "日付,摘要,入金\n2026-11-20,振込 カ)ミホンセイヤク,500\n".encode("cp932")
    answer = upload(browser, csv, "meisai.csv", account="9991-012-2-0000077")
    assert answer.status_code == 303
    assert "¥500" in browser.get(answer.location).text
    alias = {"kind": "code", "name": "0000012345", "corporate_number": buyer.corporate_number}
    assert browser.post("/staff/billing/payer-names/add", data=alias).status_code == 303
    assert (
        browser.post("/staff/billing/payer-names/add", data=alias | {"corporate_number": "1"}).status_code
        == 422
    )
    found = browser.get("/staff/billing/payer-names?q=0000012345").text
    assert "見本製薬株式会社" in found
    forget = re.search(r'action="([^"]*/forget)"', found)
    assert forget
    assert browser.post(forget[1]).status_code == 303
    assert "見本製薬株式会社" not in browser.get("/staff/billing/payer-names").text


@pytest.mark.parametrize("how_many", [1, 3])
def test_lists_and_pages_ask_the_database_little(browser, clerk, buyer, how_many) -> None:
    for _n in range(how_many):
        bill(buyer)
    bring(*(transfer(AMOUNT + n, "ミホンセイヤク") for n in range(how_many)), by=clerk)
    for address in (
        "/staff/billing/deposits",
        "/staff/billing/deposits?show=all",
        f"/staff/billing/deposits/{deposits()[0].id}",
        "/staff/billing/bank-files",
        "/staff/billing/payer-names",
        "/staff/billing/bank",
    ):
        browser.get(address)
        with count_sql() as sql:
            assert browser.get(address).status_code == 200
        assert len(sql) <= 11, f"{address}\n{sql}"


def test_the_list_is_saved_as_it_is_filtered_and_the_trail_says_so(browser, clerk, buyer) -> None:
    bring(transfer(AMOUNT, "ミホンセイヤク"), transfer(500, "=ｼﾗﾅｲ"), by=clerk)
    browser.post(f"/staff/billing/deposits/{deposits()[1].id}/park", data={"note": "調査中", "seen": "0"})
    path = "/staff/billing/deposits/export"
    undecided = browser.post(path, data={"format": "csv"}).get_data(as_text=True)
    assert [row.split(",")[2] for row in undecided.splitlines()[1:]] == ["1100000"]
    book = load_workbook(io.BytesIO(browser.post(f"{path}?show=all", data={"format": "xlsx"}).data))
    amounts = [row[2].value for row in list(book.active.iter_rows())[1:]]
    assert sorted(amounts) == [500, 1_100_000]
    rollback()
    taken = db.session.query(AuditEntry).filter_by(verb="list.exported").order_by(AuditEntry.id).all()
    assert [entry.changes for entry in taken] == [
        {"list": "deposits", "format": "csv", "rows": 1, "filters": {"show": "undecided"}},
        {"list": "deposits", "format": "xlsx", "rows": 2, "filters": {"show": "all"}},
    ]
    assert browser.get(path).status_code == 405
    assert path in browser.get("/staff/billing/deposits").text


def test_a_sample_file_is_for_the_demonstration_alone(browser, clerk, buyer) -> None:
    exact, less, named = (bill(buyer, fee(amount)) for amount in (300_000, 400_000, 500_000))
    assert browser.get("/staff/billing/bank-files/sample").status_code == 404
    assert "サンプルファイル" not in browser.get("/staff/billing/bank-files/import").text
    rollback()
    content = sample_file()
    upload(browser, content)
    rollback()
    (kept,) = db.session.query(StoredFile).filter_by(media_type=UPLOADED)
    browser.post(f"/staff/billing/bank-files/look/{kept.id}/confirm?account=zengin")
    came = {each.amount_yen: standing(each) for each in deposits()}
    assert came[exact.total_yen].invoice_id == exact.id
    assert came[less.total_yen - 660].invoice_id == less.id
    assert came[named.total_yen].invoice_id == named.id
    assert came[33_000].invoice_id is None


def test_a_proposal_goes_as_soon_as_its_invoice_is_settled(browser, clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(AMOUNT, "ミホンセイヤク"), transfer(AMOUNT, "ミホンセイヤク"), by=clerk)
    at = f"/staff/billing/deposits/{deposits()[0].id}"
    assert browser.get("/staff/billing/deposits").text.count(invoice.number) == 2
    browser.post(f"{at}/apply", data=proposal_of(browser.get(at).text))
    assert invoice.number not in browser.get("/staff/billing/deposits").text
    assert invoice.number not in browser.get("/staff/billing/deposits?show=proposed").text
    assert invoice.number in browser.get("/staff/billing/deposits?show=applied").text
    assert "未処理の入金1件（合計¥1,100,000）は、この表に含まれていません" in browser.get("/staff/books").text
