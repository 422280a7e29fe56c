"""Before the lists lock: what is missing, and whether demand is told. No rank of anybody stands here."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.careers.queries.doubtful import DOUBT_LABELS, doubtful_supervisors
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import Stage
from portal.internships.agreement_pages import kind_words
from portal.internships.queries.rounds import round_for_office
from portal.matching.enums import LEFT_LABELS
from portal.matching.queries.prearranged import count_open
from portal.matching.queries.standing import demand_in, named_companies, named_people, titled_postings
from portal.matching.services import demand as verbs
from portal.matching.services.diagnosis import Diagnosis, diagnose
from portal.matching.staff.blueprint import blueprint, office


@blueprint.get("/matching/rounds/<id:round_id>/diagnosis")
@office
def show_diagnosis(round_id: int) -> Response:
    """What is missing before the lists lock."""
    return _page(round_id)


@blueprint.post("/matching/rounds/<id:round_id>/demand")
@office
def publish_demand(round_id: int) -> Response:
    """Tell how much postings are wanted, once."""
    season = round_for_office(actor(), round_id)
    return _turn(
        round_id,
        lambda: verbs.publish_demand(season=season, by=actor()),
        _("Students and companies can read the demand now."),
    )


@blueprint.post("/matching/rounds/<id:round_id>/demand/disable")
@office
def disable_demand(round_id: int) -> Response:
    """Nobody reads it any more."""
    signal = demand_in(round_for_office(actor(), round_id).id)
    if signal is None:
        raise NotFound
    return _turn(
        round_id, lambda: verbs.hide_demand(signal=signal, by=actor()), _("The demand is no longer shown.")
    )


@blueprint.post("/matching/rounds/<id:round_id>/demand/enable")
@office
def enable_demand(round_id: int) -> Response:
    """The same numbers again."""
    signal = demand_in(round_for_office(actor(), round_id).id)
    if signal is None:
        raise NotFound
    return _turn(
        round_id,
        lambda: verbs.show_demand(signal=signal, by=actor()),
        _("Students and companies can read the demand now."),
    )


def _turn(round_id: int, verb: Callable[[], object], said: str) -> Response:
    try:
        verb()
    except Refused as refused:
        rollback()
        return _page(round_id, refused.status, refused.message)
    flash(said, "success")
    return redirect(url_for("matching_staff.show_diagnosis", round_id=round_id))


def _page(round_id: int, status: int | None = None, refusal: object = "") -> Response:
    season, language = round_for_office(actor(), round_id), current_language()
    found = diagnose(season, actor())
    postings = titled_postings(
        {*found.unreachable, *(posting for _who, posting in [*found.gate.unheeded, *found.taken])}, language
    )
    firms = {company for _title, company in postings.values()} | set(found.undecided) | found.gate.hosts
    doubtful = doubtful_supervisors(found.interested)
    people = _people_in(found) | {each.student_id for each in doubtful}
    return page(
        "staff/matching/show_diagnosis.html", status, season=season, found=found, postings=postings, refusal=refusal,
        people=named_people(people), companies=named_companies(firms, language), reasons=in_words(LEFT_LABELS),
        is_ranking=season.stage is Stage.RANKING, demand=demand_in(round_id), waiting=count_open(round_id),
        doubtful=doubtful, doubts=in_words(DOUBT_LABELS),
        lacking=[(*postings[number], kind_words(kinds)) for number, kinds in found.gate.lacking.items()],
    )  # fmt: skip


def _people_in(found: Diagnosis) -> set[int]:
    return {*found.listless, *(who for who, _posting in [*found.gate.unheeded, *found.taken])} | {
        int(who[1:]) for who in found.stopped if who[0] == "s"
    }
