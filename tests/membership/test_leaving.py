"""Whoever is removed from a company works on none of its applications any more, however they came to them.

Mutants that must fail here: `_concerns` with `started_by_id` alone, `end_sharing_with` not connected or without the open links,
`keep_starter` left out, `applicants_of` without `_working_on`, the sender welcomed back.
"""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import people_of
from portal.accounts.services.roles import affiliate, remove_person
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.transaction import rollback, transaction
from portal.membership import policy, queries
from portal.membership import services as membership
from portal.membership.enums import AttachmentKind
from portal.membership.models import Application, ApplicationCollaborator
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support import uploads
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
BASE = "/membership/applications/1"
PLACES = ("", "/steps/company", "/attachments", "/attachments/1", "/confirm", "/colleagues", "/withdraw")


def succeed(founder: Person, application: Application) -> Person:
    """Somebody else takes over the company and removes the founder."""
    successor = person(name="後継 花子")
    with transaction() as session:
        body = session.get_one(Organisation, application.organisation_id)
        for role in (Role.COMPANY_ADMIN, Role.REPRESENTATIVE):
            affiliate(successor, body, role)
    by = actor_of(successor)
    with transaction() as session:
        remove_person(
            person=session.get_one(Person, founder.id),
            organisation=session.get_one(Organisation, body.id),
            by=by,
        )
    return successor


def founded() -> tuple[Person, Application]:
    """A draft with a file, begun by the founder of the company."""
    given.season()
    founder = person(name="創業 太郎")
    application, by = given.draft(founder), actor_of(founder)
    with transaction():
        file = FileStorage(io.BytesIO(uploads.png()), "計画.png")
        membership.add_attachment(application=application, storage=file, kind=AttachmentKind.PLAN, by=by)
    return founder, application


def statuses(app: Flask, who: Person) -> set[int]:
    rollback()
    browser = browser_of(app, who)
    return {browser.get(f"{BASE}{place}").status_code for place in PLACES}


def test_a_removed_founder_finds_nothing_of_the_company(app: Flask) -> None:
    founder, application = founded()
    assert statuses(app, founder) == {200}
    successor = succeed(founder, application)
    assert statuses(app, founder) == {404}
    assert statuses(app, successor) == {200}
    assert Reader(browser_of(app, founder)).get("/membership/applications").text.count("株式会社見本") == 0
    rollback()
    gone = actor_of(founder)
    assert not policy.acts_for(gone, db.session.get_one(Application, 1))
    assert not policy.may_withdraw(gone, db.session.get_one(Application, 1))


def test_what_a_removed_founder_sends_is_refused(app: Flask) -> None:
    founder, application = founded()
    browser = browser_of(app, founder)
    page = Reader(browser).get(f"{BASE}/steps/company")
    form = page.form("/steps/company").values()
    succeed(founder, application)
    again = browser_of(app, founder)
    token = Reader(again).get("/account/profile").form("/sign-out").values()["csrf_token"]
    for place in ("/draft/company", "/steps/company", "/confirm", "/withdraw", "/attachments", "/colleagues"):
        answer = again.post(f"{BASE}{place}", data=form.to_dict() | {"csrf_token": token})
        assert answer.status_code == 404, place
    rollback()
    assert db.session.get_one(Application, 1).state.value == "draft"


def test_a_draft_without_a_company_stays_with_who_began_it(app: Flask) -> None:
    given.season()
    who = person()
    by = actor_of(who)
    with transaction():
        made = membership.start_application(fiscal_year=given.year(), once="alone", by=by)
    assert queries.application_for(actor_of(who), made.id) is not None


def test_shared_links_end_with_belonging(app: Flask) -> None:
    """The one who took part by a link and belongs, and an open link to the removed address."""
    founder, application = founded()
    helper = person(email="helper@mihon.example")
    by = actor_of(founder)
    with transaction():
        link = membership.share_application(application=application, email=helper.email, by=by)
        membership.join_application(link=link, person=helper)
        affiliate(helper, given_company(application), Role.PARTICIPANT)
        open_link = membership.share_application(application=application, email=founder.email, by=by)
    succeed(founder, application)
    with transaction() as session:
        assert session.get_one(ApplicationCollaborator, open_link.id, populate_existing=True).revoked_at
    assert statuses(app, helper) == {200}
    boss = actor_of(next(p for p in people_of(given_company(application)) if p.name == "後継 花子"))
    with transaction():
        remove_person(person=helper, organisation=given_company(application), by=boss)
    assert statuses(app, helper) == {404}


def given_company(application: Application) -> Organisation:
    return db.session.get_one(Organisation, application.organisation_id)


def test_who_began_it_works_on_when_a_colleague_settles_the_company_and_can_be_sent_away(app: Flask) -> None:
    given.season()
    starter, boss = person(name="始 一子"), person(name="長 二郎", email="boss@mihon.example")
    by, chief = actor_of(starter), actor_of(boss)
    with transaction():
        made = membership.start_application(fiscal_year=given.year(), once="starter", by=by)
        link = membership.share_application(application=made, email=boss.email, by=by)
        membership.join_application(link=link, person=boss)
    values = given.clean()["company"]
    with transaction():
        membership.save_draft(application=made, page="company", typed=values, editor="x", seen=0, by=chief)
        membership.finish_page(application=made, page="company", values=values, by=chief)
    rollback()
    assert browser_of(app, starter).get(BASE).status_code == 200
    page = Reader(browser_of(app, boss)).get(f"{BASE}/colleagues")
    assert page.text.count("始 一子") >= 1
    rows = db.session.scalars(select(ApplicationCollaborator).order_by(ApplicationCollaborator.id)).all()
    assert [row.person_id for row in rows] == [boss.id, starter.id]
    rollback()
    chief = actor_of(boss)
    with transaction():
        membership.stop_sharing(application=made, collaborator_id=rows[1].id, by=chief)
    rollback()
    with pytest.raises(NotFound):
        queries.application_for(actor_of(starter), made.id)


def test_a_removed_founder_hears_nothing_and_is_not_welcomed_back(app: Flask) -> None:
    founder, application = founded()
    clerk = staff()
    given.submit(application, founder)
    successor = succeed(founder, application)
    rollback()
    application = db.session.get_one(Application, 1)
    given.checked(application, clerk)
    rollback()
    given.approve(db.session.get_one(Application, 1))
    rollback()
    heard = set(db.session.scalars(select(Message.address).where(Message.event == "membership/approved")))
    assert heard == {successor.email}
    assert founder.id not in {who.id for who in people_of(given_company(application))}
