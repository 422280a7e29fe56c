from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.application_flow import ApplicationState as S
from portal.domain.application_flow import (
    Change,
    DecisionReason,
    DecisionVerdict,
    Mover,
    MoveReason,
    MoveVerdict,
    allowed_next,
    changed_fields,
    check_move,
    may_decide,
    sources_of,
)


@pytest.mark.parametrize(
    ("state", "applicant", "checker", "decider"),
    [
        (S.DRAFT, (S.SUBMITTED, S.WITHDRAWN), (), ()),
        (S.SUBMITTED, (S.WITHDRAWN,), (S.RETURNED, S.CHECKED), ()),
        (S.RETURNED, (S.SUBMITTED, S.WITHDRAWN), (), ()),
        (S.CHECKED, (S.WITHDRAWN,), (S.RETURNED,), (S.RETURNED, S.DEFERRED, S.APPROVED, S.DECLINED)),
        (S.DEFERRED, (S.WITHDRAWN,), (S.RETURNED,), (S.RETURNED, S.APPROVED, S.DECLINED)),
        (S.APPROVED, (), (), ()),
        (S.DECLINED, (), (), ()),
        (S.WITHDRAWN, (), (), ()),
    ],
)
def test_who_may_move_what_where(
    state: S, applicant: tuple[S, ...], checker: tuple[S, ...], decider: tuple[S, ...]
) -> None:
    assert allowed_next(state, Mover.APPLICANT) == applicant
    assert allowed_next(state, Mover.CHECKER) == checker
    assert allowed_next(state, Mover.DECIDER) == decider
    assert set(allowed_next(state)) == {*applicant, *checker, *decider}


def test_final_and_editable_states() -> None:
    assert [state for state in S if state.is_final] == [S.APPROVED, S.DECLINED, S.WITHDRAWN]
    assert [state for state in S if state.is_editable] == [S.DRAFT, S.RETURNED]


@pytest.mark.parametrize(
    ("old", "new", "mover", "reason"),
    [
        (S.DRAFT, S.SUBMITTED, Mover.APPLICANT, MoveReason.ALLOWED),
        (S.DRAFT, S.SUBMITTED, Mover.CHECKER, MoveReason.NOT_YOURS),
        (S.SUBMITTED, S.SUBMITTED, Mover.APPLICANT, MoveReason.ALREADY_THERE),
        (S.SUBMITTED, S.APPROVED, Mover.DECIDER, MoveReason.NO_SUCH_STEP),
        (S.CHECKED, S.APPROVED, Mover.CHECKER, MoveReason.NOT_YOURS),
        (S.CHECKED, S.APPROVED, Mover.DECIDER, MoveReason.ALLOWED),
        (S.APPROVED, S.APPROVED, Mover.DECIDER, MoveReason.ALREADY_THERE),
        (S.APPROVED, S.DECLINED, Mover.DECIDER, MoveReason.FINAL),
        (S.WITHDRAWN, S.SUBMITTED, Mover.APPLICANT, MoveReason.FINAL),
    ],
)
def test_a_move_is_judged_with_its_reason(old: S, new: S, mover: Mover, reason: MoveReason) -> None:
    assert check_move(old, new, mover) == MoveVerdict(reason is MoveReason.ALLOWED, reason)


def test_sources_are_the_moves_seen_from_the_other_end() -> None:
    assert sources_of(S.APPROVED, Mover.DECIDER) == (S.CHECKED, S.DEFERRED)
    assert sources_of(S.SUBMITTED, Mover.APPLICANT) == (S.DRAFT, S.RETURNED)
    assert sources_of(S.APPROVED, Mover.CHECKER) == ()


@given(st.sampled_from(S), st.sampled_from(S), st.sampled_from(Mover))
def test_every_view_of_the_moves_agrees(old: S, new: S, mover: Mover) -> None:
    is_allowed = check_move(old, new, mover).is_allowed
    assert is_allowed is (new in allowed_next(old, mover))
    assert is_allowed is (old in sources_of(new, mover))


def test_every_state_is_reached_and_approval_only_after_a_check() -> None:
    reached, open_states = {S.DRAFT}, [S.DRAFT]
    while open_states:
        for new in allowed_next(open_states.pop()):
            if new not in reached:
                reached.add(new)
                open_states.append(new)
    assert reached == set(S)
    assert {old for old in S if S.APPROVED in allowed_next(old)} == {S.CHECKED, S.DEFERRED}
    assert {old for old in S if S.DEFERRED in allowed_next(old)} == {S.CHECKED}


@pytest.mark.parametrize(
    ("checker_id", "decider_id", "reason"),
    [
        (1, 2, DecisionReason.TWO_PERSONS),
        (1, 1, DecisionReason.SAME_PERSON),
        (None, 2, DecisionReason.NOT_CHECKED),
    ],
)
def test_two_persons_decide(checker_id: int | None, decider_id: int, reason: DecisionReason) -> None:
    expected = DecisionVerdict(reason is DecisionReason.TWO_PERSONS, reason)
    assert may_decide(checker_id, decider_id) == expected


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({}, {}, ()),
        ({"a": 1}, {"a": 1}, ()),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, (Change("a.b", "x", "y"),)),
        ({}, {"a": "x"}, (Change("a", None, "x"),)),
        ({"a": "x"}, {}, (Change("a", "x", None),)),
        ({"a": ""}, {"a": None}, ()),
        ({"a": []}, {}, ()),
        ({"a": {"b": ""}}, {"a": {}}, ()),
        ({"a": "x"}, {"a": ""}, (Change("a", "x", None),)),
        ({"a": True}, {"a": 1}, (Change("a", True, 1),)),
        ({}, {"a": False, "b": 0}, (Change("a", None, False), Change("b", None, 0))),
        ({"groups": ["x", "y"]}, {"groups": ["y"]}, (Change("groups", ["x", "y"], ["y"]),)),
        (
            {"learners": [{"name": "花子"}]},
            {"learners": [{"name": "花子"}, {"name": "太郎", "mail": "t@example.jp"}]},
            (Change("learners.1.mail", None, "t@example.jp"), Change("learners.1.name", None, "太郎")),
        ),
        ({"a": "x"}, {"a": {"b": "x"}}, (Change("a", "x", None), Change("a.b", None, "x"))),
    ],
)
def test_changed_fields(before: dict[str, Any], after: dict[str, Any], changes: tuple[Change, ...]) -> None:
    assert changed_fields(before, after) == changes


def test_changes_stand_in_the_order_of_their_paths() -> None:
    before = {"z": 1, "list": [{"n": place} for place in range(11)], "b": {"d": 1, "c": 1}}
    after = {"b": {"c": 2, "d": 2}, "list": [{"n": place + 1} for place in range(11)], "z": 2}
    paths = [change.path for change in changed_fields(before, after)]
    assert paths == ["b.c", "b.d", *(f"list.{place}.n" for place in range(11)), "z"]


documents = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "x"]),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
        ),
        max_leaves=5,
    ),
    max_size=3,
)


@given(documents)
def test_nothing_changes_against_itself(document: dict[str, Any]) -> None:
    assert changed_fields(document, document) == ()


@given(documents, documents)
def test_the_way_back_swaps_old_and_new(before: dict[str, Any], after: dict[str, Any]) -> None:
    there, back = changed_fields(before, after), changed_fields(after, before)
    assert back == tuple(Change(change.path, change.new, change.old) for change in there)
