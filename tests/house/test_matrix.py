"""Who gets what from every route: as it is frozen, and whatever is frozen, no company gets at another's things."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.house.matrix import (
    READING,
    Answer,
    ask,
    ask_doing,
    ask_reading,
    differences,
    frozen,
    questions,
)
from tests.support.headers import faults
from tests.support.leaks import words_of
from tests.support.tables import changed, contents
from tests.support.world import COMPANY_VISITORS, HALF_VISITORS, NOBODY, VISITORS, Keeper, World

pytestmark = pytest.mark.sqlite

# Whoever holds such a link may use it: it was mailed to somebody, and is as good as a key.
BEARER = {
    "accept_invitation",
    "confirm_email",
    "confirm_start",
    "open_approval",
    "open_approvals",
    "open_link",
    "open_prearrangements",
    "open_renewal",
    "recover_password",
    "show_shared",
}
# What somebody who has not signed in gets to see.
PUBLIC = {
    "accounts.begin_passkey_sign_in",
    "accounts.choose_language",
    "accounts.sign_out",
    "accounts.accept_invitation",
    "accounts.confirm_email",
    "accounts.confirm_start",
    "accounts.open_link",
    "accounts.recover_password",
    "accounts.request_link",
    "accounts.request_recovery",
    "accounts.sign_in",
    "home.go_home",
    "home.show_consortium",
    "home.show_faq",
    "home.show_how_to_join",
    "house.healthz",
    "internships.open_approval",
    "internships.open_approvals",
    "matching.open_prearrangements",
    "membership.list_rules",
    "membership.open_renewal",
    "membership.list_tiers",
    "membership.show_quote",
    "membership.show_rules",
    "membership.show_shared",
    "membership.start_application",
    "placements.verify_paper",
}
# What half a sign-in adds: the second half.
SECOND_HALF = {
    "accounts.add_passkey",
    "accounts.begin_passkey",
    "accounts.begin_passkey_confirmation",
    "accounts.begin_totp",
    "accounts.confirm_second_factor",
    "accounts.confirm_totp",
    "accounts.show_security",
}

# Who has no company gets the page without one, whichever the address names.
NOT_LOOKED_AT = {("home.show_home", "stranger")}


def is_foreign(answer: Answer) -> bool:
    """Asked by somebody of company A, about a thing of company B."""
    bearer = answer.question.endpoint.rpartition(".")[2] in BEARER
    if (answer.question.endpoint, answer.visitor) in NOT_LOOKED_AT:
        return False
    return (
        answer.visitor in {*COMPANY_VISITORS, "stranger"}
        and answer.question.owner in ("other", "mixed")
        and not bearer
    )


def behind_the_door(world: World) -> set[str]:
    """What half a sign-in must not see of its own company; its own name and address it may."""
    mark = world.a.mark
    return {*world.a.canaries, f"{mark.word}製薬"} - {mark.word, mark.latin, mark.latin.title()}


def broken_promises(answer: Answer, world: World) -> list[str]:
    """What this answer breaks of the rules that hold for every route."""
    asked, cell = f"{answer.question} as {answer.visitor}", answer.cell
    endpoint, status = answer.question.endpoint, answer.response.status_code
    broken = []
    if status >= 500 and endpoint != "house.readyz":
        broken.append(f"{asked}: {status}")
    if is_foreign(answer) and cell not in ("403", "404"):
        broken.append(f"{asked}: {cell} on the other company's thing")
    if is_foreign(answer) or (
        answer.visitor in COMPANY_VISITORS and answer.question.owner in ("own", "none", "-")
    ):
        found = sorted(word for word in world.b.canaries if word in words_of(answer.response))
        broken += [f"{asked}: shows {found} of the other company"] if found else []
    if answer.visitor == NOBODY and answer.succeeded and endpoint not in PUBLIC:
        broken.append(f"{asked}: {cell} for nobody")
    if (
        answer.question.rule.rule.startswith("/staff")
        and answer.visitor in {*COMPANY_VISITORS, "stranger"}
        and cell != "403"
    ):
        broken.append(f"{asked}: {cell} on a page of the office")
    if answer.visitor in HALF_VISITORS and endpoint.rpartition(".")[2] not in BEARER:
        found = sorted(word for word in behind_the_door(world) if word in words_of(answer.response))
        broken += [f"{asked}: shows {found} before the second factor"] if found else []
    if answer.visitor in HALF_VISITORS and answer.succeeded and endpoint not in PUBLIC | SECOND_HALF:
        broken.append(f"{asked}: {cell} with half a sign-in")
    return broken


def culprits(world: World, keeper: Keeper, visitor: str, before: dict[str, str]) -> dict[str, list[str]]:
    """Pages that write, and into which tables; all are asked once more, one by one, to name them."""
    found = {}
    for question in questions(world) if changed(before) else ():
        if question.method == READING:
            keeper.restore()
            ask(world, question, visitor)
            if tables := changed(before):
                found[str(question)] = tables
    keeper.restore()
    return found


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_answer_is_the_frozen_one(world: World, keeper: Keeper, visitor: str) -> None:
    """And breaks no promise, and carries its headers; and reading has changed nothing."""
    before, cells, broken = contents(), {}, []

    def judge(answers: Iterable[Answer]) -> None:
        for answer in answers:
            cells[str(answer.question)] = answer.cell
            broken.extend([*broken_promises(answer, world), *faults(answer.url, answer.response)])
            answer.response.close()

    judge(ask_reading(world, visitor))
    assert culprits(world, keeper, visitor, before) == {}
    judge(ask_doing(world, keeper, visitor))
    assert broken == []
    assert differences(visitor, cells) == []


def test_the_whole_matrix_is_there(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {str(q) for q in questions(world)}
    assert asked == set(frozen())
    with capsys.disabled():
        print(
            f"\nmatrix: {len(asked)} questions × {len(VISITORS)} visitors = {len(asked) * len(VISITORS)} cells"
        )


def test_the_other_company_is_to_be_seen_by_itself(world: World) -> None:
    """Were the marks on no page at all, finding none would prove nothing."""
    found = set()
    for path in (
        "/home",
        "/people",
        "/billing/invoices",
        f"/billing/invoices/{world.b.things['invoice_id']}",
    ):
        words = words_of(world.browser("b_admin").get(path))
        found |= {word for word in world.b.canaries if word in words}
    assert {world.b.mark.word, "1,493,702"} <= found
