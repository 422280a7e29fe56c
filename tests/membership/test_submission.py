"""Whose company it is, what is frozen when an application is sent in, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core import clock
from portal.core.errors import NotFound, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.application_flow import ApplicationState
from portal.membership import queries
from portal.membership import services as membership
from tests.support import membership as given
from tests.support.people import actor_of, corporate_number, person, staff

pytestmark = pytest.mark.database


def test_company_of_others_is_refused_and_names_nobody(app: Flask) -> None:
    given.season()
    given.draft(person(name="先 立子"))
    with pytest.raises(Refused) as refused:
        given.draft(person())
    assert refused.value.field == "corporate_number"
    assert "先 立子" not in str(refused.value)


def test_a_company_applies_once_a_year(app: Flask) -> None:
    year = given.season()
    who = person()
    first = given.draft(who)
    firm = first.organisation_id
    colleague = actor_of(who)
    with transaction():
        again = membership.start_application(
            fiscal_year=year, once="again", by=colleague, organisation_id=firm
        )
        assert again.id == first.id
        other = membership.start_application(fiscal_year=year, once="other", by=colleague)
    with pytest.raises(Refused) as refused, transaction():
        membership.finish_page(
            application=other, page="company", values=given.clean()["company"], by=colleague
        )
    assert refused.value.field == "corporate_number"


def test_the_key_of_somebody_else_opens_nothing(app: Flask) -> None:
    year = given.season()
    one, two = actor_of(person()), actor_of(person())
    with transaction():
        membership.start_application(fiscal_year=year, once="key", by=one)
    with pytest.raises(NotFound), transaction():
        membership.start_application(fiscal_year=year, once="key", by=two)


def test_what_was_sent_is_frozen_with_price_and_evidence(app: Flask) -> None:
    year = given.season()
    application = given.submitted(person())
    revision = queries.latest_revision(application)
    assert (revision.number, revision.tier_code, revision.price["total_yen"]) == (1, "A", 2_200_000)
    assert revision.content["profile"]["founded_on"] == "1990-04-01"
    evidence = application.eligibility
    assert evidence is not None
    assert (evidence["tier"], evidence["is_eligible"], evidence["as_of"]) == (
        "A",
        True,
        clock.today().isoformat(),
    )
    assert evidence["applicant"]["employees"] == 1200
    assert [(other["tier"], other["is_eligible"]) for other in evidence["others"]] == [
        ("B", False),
        ("C", False),
    ]
    assert evidence["others"][0]["reasons"][0]["code"] == "too_many_employees"
    assert revision.eligibility == evidence
    assert application.fiscal_year == year
    assert [a.rules_version.kind.value for a in queries.acceptances_of(application)] == [
        "membership_rules", "anti_social_pledge", "personal_data",
    ]  # fmt: skip
    rollback()
    with pytest.raises(Exception, match="never changed"), transaction() as session:
        session.execute(update(type(revision)).values(tier_code="C"))


def test_venture_too_old_is_refused_on_the_day_of_sending(app: Flask) -> None:
    """Founded five years and a day ago: no; five years ago to the day: yes."""
    given.season()
    today = clock.today()
    old = today.replace(year=today.year - 5) - timedelta(days=1)
    pages: dict[str, Any] = {"tier": {"learners_wanted": "0", "tier": "B"}}
    who = person()
    application = given.draft(who)
    for founded, fits in ((old, False), (old + timedelta(days=1), True)):
        pages["profile"] = {"employees": "49", "founded_on": founded.isoformat()}
        if fits:
            given.submit(application, who, **pages)
            continue
        with pytest.raises(Refused) as refused:
            given.submit(application, who, **pages)
        assert refused.value.field == "tier"
    assert application.state is ApplicationState.SUBMITTED


def test_three_learners_go_by_arrangement_and_need_the_agreed_seats(app: Flask) -> None:
    given.season()
    application = given.submitted(person(), tier={"learners_wanted": "3", "tier": "A"})
    assert application.is_by_arrangement
    clerk = staff()
    with pytest.raises(Refused) as refused:
        given.checked(application, clerk)
    assert refused.value.field == "agreed_seats"
    term = given.approve(given.checked(application, clerk, agreed_seats=4))
    assert term.snapshot.agreed_seats == 4


def test_a_newer_wording_has_to_be_read(app: Flask) -> None:
    given.season()
    who = actor_of(person())
    application, shown = given.draft(who), given.accepted()
    with transaction():
        membership.publish_rules(
            kind=next(iter(queries.current_rules())), version="2", text_ja="新", text_en="new",
            effective_on=clock.today(), by=None,
        )  # fmt: skip
    with pytest.raises(Refused) as refused, transaction():
        membership.submit_application(
            application=application, answers=given.clean(), accepted=shown, once="x", by=who
        )
    assert refused.value.field == "membership_rules"


def test_last_years_member_goes_first_in_time(app: Flask) -> None:
    now = clock.now()
    year = given.season(fiscal_year=queries.this_year(), priority_until=None)
    who = person()
    given.season(fiscal_year=year + 1, priority_until=now + timedelta(days=5))
    term = given.approve(given.checked(given.submitted(who, fiscal_year=year), staff()))
    with transaction():
        membership.activate_term(term_id=term.id, paid_on=clock.today())
    by = actor_of(who)
    with transaction():
        following = membership.start_application(
            fiscal_year=year + 1, once="next", by=by, organisation_id=term.organisation_id
        )
    assert following.drafted("company")["name_ja"] == "株式会社見本"
    assert given.submit(following, who).is_priority
    number = corporate_number(611_111_111_111)
    other = given.submitted(
        person(), fiscal_year=year + 1, number=number, company={"corporate_number": number}
    )
    assert not other.is_priority
    queue = queries.review_queue(actor_of(staff()), fiscal_year=year + 1)
    assert [a.id for a in queue.items] == [following.id, other.id]
