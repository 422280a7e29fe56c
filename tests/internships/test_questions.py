"""Questions through the office: there and back, without a name where the student gives none, and never for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.question_flow import QuestionState
from portal.internships.models import Question
from portal.internships.services import questions as verbs
from portal.notifications.models import Message
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student, supervisor
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


def reader_of(who: Person, language: str = "ja") -> Reader:
    with transaction():
        db.session.get_one(Person, who.id).language = language
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def asked(
    who: Person,
    posting: int,
    words: str = "在宅勤務は可能でしょうか。",
    *,
    once: str = "q",
    is_named: bool = False,
) -> int:
    with given.acting(who) as by:
        return verbs.ask_company(
            posting=given.loaded(posting), words=words, is_named=is_named, once=once, by=by
        ).id


def now(number: int) -> Question:
    rollback()
    return db.session.get_one(Question, number)


def forward(officer: Person, number: int) -> None:
    with given.acting(officer) as by:
        found = db.session.get_one(Question, number)
        verbs.forward_question(question=found, version=found.version, by=by)


def mails() -> list[tuple[str, str]]:
    rollback()
    ours = select(Message.address, Message.subject).where(Message.event.startswith("internships/question"))
    return [(row[0], row[1]) for row in db.session.execute(ours.order_by(Message.id))]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_there_and_back_without_a_name(app: Flask, language: str) -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student(name="秘密 花子")
        asker, office, mentor = (reader_of(each, language) for each in (who, here.office, here.admin))
        form = asker.get(f"/internships/browse/{here.postings[0]}/question")
        asker.submit(form.form(), status=422, words=" ")
        mine = asker.submit(form.form("/question"), words="在宅勤務は可能でしょうか。")
        address = mine.url.rstrip("?")
        number = int(address.rsplit("/", 1)[1])
        assert mentor.client.get(address).status_code == 404
        queue = office.get("/staff/internships/questions")
        title = given.SAID["title" if language == "ja" else "title_en"]
        one = office.get(queue.link(title))
        assert "秘密 花子" in one.text
        office.submit(one.form("/send-back"), status=422)
        office.submit(one.form("/send-back"), remark="具体的にお書きください。")
        office.submit(one.form("/forward"), status=409)
        again = asker.get(address)
        asker.submit(again.form("/reword"), words="週に何日在宅勤務が可能でしょうか。")
        office.submit(office.get(f"/staff{address}").form("/forward"))
        page = mentor.get(address)
        assert unnamed(page, who)
        assert unnamed(mentor.get("/internships/questions"), who)
        mentor.submit(page.form("/answer"), status=422, answer="")
        mentor.submit(page.form("/answer"), answer="週2日まで可能です。")
        assert "週2日まで可能です。" not in asker.get(address).text
        office.submit(office.get(f"/staff{address}").form("/forward"))
        assert "週2日まで可能です。" in asker.get(address).text
        assert now(number).state is QuestionState.DELIVERED
        mentor.submit(page.form("/answer"), status=409, answer="別の回答")
        assert now(number).answer == "週2日まで可能です。"
        told = db.session.scalars(select(Message.text).where(Message.address == here.admin.email)).all()
        assert not any("秘密" in text for text in told)


def unnamed(page: Page, who: Person) -> bool:
    return who.name not in page.source and who.email not in page.source


def test_a_company_asks_an_applicant_and_nobody_else() -> None:
    with clock.frozen(scenes.OPEN):
        here, who, other = scenes.scene(), student(), student()
        scenes.show(who, here.postings[0])
        mentor, office = reader_of(here.admin), reader_of(here.office)
        interest = scenes.stands(who, here.postings[0]).id
        rollback()
        form = mentor.get(f"/internships/interests/{interest}/question")
        page = mentor.submit(form.form("/question"), words="Rの経験はありますか。")
        address = page.url.rstrip("?")
        assert reader_of(who).client.get(address).status_code == 404
        office.submit(office.get(f"/staff{address}").form("/forward"))
        for stranger in (other, given.host()):
            assert reader_of(stranger).client.get(address).status_code == 404
        assert reader_of(supervisor()).client.get("/internships/questions").status_code == 403
        reader = reader_of(who)
        reader.submit(reader.get(address).form("/answer"), answer="はい。")
        office.submit(office.get(f"/staff{address}").form("/send-back"), remark="詳しく")
        assert "詳しく" in reader.get(address).text
        assert (
            reader_of(given.host()).client.get(f"/internships/interests/{interest}/question").status_code
            == 404
        )


def test_pressed_at_once_it_is_one_question_and_goes_one_way(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        by, clerk = actor_of(who), actor_of(here.office)
        posting = here.postings[0]

        def ask() -> int:
            with transaction():
                return verbs.ask_company(
                    posting=given.loaded(posting), words="質問", is_named=False, once="k", by=by
                ).id

        answers = at_once(app, *(ask for _n in range(8)))
        assert len(set(answers)) == 1, answers
        number = answers[0]
        assert isinstance(number, int)

        def decide(n: int) -> int:
            with transaction():
                found = db.session.get_one(Question, number)
                if n % 2:
                    verbs.forward_question(question=found, version=1, by=clerk)
                else:
                    verbs.send_back(question=found, remark="要修正", version=1, by=clerk)
            return n

        moved = at_once(app, *(partial(decide, n) for n in range(8)))
        won = [each for each in moved if isinstance(each, int)]
        assert len(won) == 1, moved
        assert all(isinstance(each, int | OutOfDate) for each in moved), moved
        wanted = QuestionState.FORWARDED if won[0] % 2 else QuestionState.SENT_BACK
        assert now(number).state is wanted


def test_nobody_of_the_company_forwards_and_nothing_moves_outside_its_time() -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        number, company = asked(who, here.postings[0]), here.company
        with transaction() as session:
            role = Affiliation(
                person_id=here.office.id,
                organisation_id=company,
                role=Role.MENTOR,
                starts_on=clock.today(),
            )
            session.add(role)
        with pytest.raises(Refused):
            forward(here.office, number)
        other = given.officer()
        with pytest.raises(Refused):
            asked(other, here.postings[0], once="other")
        with pytest.raises(Refused):
            asked(student(), here.postings[0], once="q")
    with clock.frozen(given.TIMES.locks_at):
        for late in (partial(forward, other, number), partial(asked, who, here.postings[0], once="late")):
            with pytest.raises(OutOfDate):
                late()


def test_who_is_late_is_reminded_once_and_the_lock_closes_it() -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        number = asked(who, here.postings[0])
    first = len(mails())

    def looked(moment: datetime) -> list[str]:
        with clock.frozen(moment):
            verbs.look_at_questions()
            verbs.look_at_questions()
        return [address for address, _subject in mails()[first:]]

    assert looked(scenes.OPEN + timedelta(days=1)) == []
    assert looked(scenes.OPEN + timedelta(days=2, minutes=1)) == [here.office.email]
    with clock.frozen(scenes.OPEN + timedelta(days=3)):
        forward(here.office, number)
    assert looked(scenes.OPEN + timedelta(days=9)) == [here.office.email, here.admin.email, here.admin.email]
    assert looked(given.TIMES.locks_at + timedelta(hours=1))[3:] == [who.email]
    assert now(number).state is QuestionState.LAPSED


def test_lists_ask_the_same_of_one_and_of_three(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        pages = (
            (who, "/internships/questions"),
            (here.admin, "/internships/questions"),
            (here.office, "/staff/internships/questions"),
        )
        browsers = [(browser_of(app, person), address) for person, address in pages]
        counts = []
        for some in (("a",), ("b", "c")):
            for once in some:
                forward(here.office, asked(who, here.postings[0], once=once))
                asked(who, here.postings[0], once=f"{once}2")
            found = []
            for browser, address in browsers:
                browser.get(address)
                rollback()
                with count_sql() as sql:
                    assert browser.get(address).status_code == 200
                found.append(len(sql))
            counts.append(found)
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 5
