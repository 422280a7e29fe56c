import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.eligibility import (
    Applicant,
    Reason,
    ReasonCode,
    TierRule,
    judge_tier,
    judge_tiers,
    last_venture_day,
)

A = TierRule("A", training_seats=1)
B = TierRule("B", requires_venture=True, employees_below=50, years_since_founding_max=5, training_seats=1)
C = TierRule("C", training_seats=0)
MONITOR = TierRule("MON2017", training_seats=None, monitor_once=True)

AS_OF = date(2026, 4, 1)
VENTURE = Applicant(49, date(2021, 4, 1), 1, "7123456789012")
R = ReasonCode


def codes(applicant: Applicant, rule: TierRule, as_of: date = AS_OF) -> list[ReasonCode]:
    return [reason.code for reason in judge_tier(applicant, rule, as_of).reasons]


# Counted on a calendar: the day of founding is left out, the fifth year ends with the anniversary.
@pytest.mark.parametrize(
    ("founded_on", "years", "last_day"),
    [
        (date(2021, 4, 1), 5, date(2026, 4, 1)),
        (date(2020, 12, 31), 5, date(2025, 12, 31)),
        (date(2021, 1, 1), 5, date(2026, 1, 1)),
        (date(2020, 2, 29), 5, date(2025, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2020, 2, 28), 5, date(2025, 2, 28)),
        (date(2020, 2, 28), 4, date(2024, 2, 28)),
        (date(2019, 2, 28), 5, date(2024, 2, 29)),
        (date(2019, 3, 1), 5, date(2024, 3, 1)),
        (date(2021, 4, 30), 5, date(2026, 4, 30)),
        (date(2021, 4, 1), 0, date(2021, 4, 1)),
        (date(9990, 1, 1), 20, date.max),
        (date.max, 5, date.max),
    ],
)
def test_last_venture_day(founded_on: date, years: int, last_day: date) -> None:
    assert last_venture_day(founded_on, years) == last_day


@pytest.mark.parametrize(
    ("employees", "founded_on", "as_of", "is_eligible"),
    [
        (49, date(2021, 4, 1), date(2026, 4, 1), True),  # on the fifth anniversary
        (49, date(2021, 3, 31), date(2026, 4, 1), False),  # a day after it
        (50, date(2021, 4, 1), date(2026, 4, 1), False),
        (0, date(2026, 4, 1), date(2026, 4, 1), True),
        (49, date(2020, 2, 29), date(2025, 2, 28), True),
        (49, date(2020, 2, 29), date(2025, 3, 1), False),
        (49, date(2026, 4, 2), date(2026, 4, 1), False),
        (50, date(2010, 4, 1), date(2026, 4, 1), False),
    ],
)
def test_a_venture_is_small_and_young(
    employees: int, founded_on: date, as_of: date, is_eligible: bool
) -> None:
    applicant = Applicant(employees, founded_on, 0, None)
    assert judge_tier(applicant, B, as_of).is_eligible is is_eligible


def test_a_venture_that_is_too_old_and_too_large_hears_both() -> None:
    verdict = judge_tier(Applicant(120, date(2015, 6, 30), 1, None), B, AS_OF)
    assert verdict.obstacles == (
        Reason(R.TOO_MANY_EMPLOYEES, {"employees": 120, "below": 50}),
        Reason(
            R.FOUNDED_TOO_LONG_AGO, {"founded_on": "2015-06-30", "years_max": 5, "last_day": "2020-06-30"}
        ),
    )
    assert not verdict.is_eligible
    assert not verdict.is_provisional


def test_every_tier_is_judged_in_order() -> None:
    verdicts = judge_tiers(VENTURE, [A, B, C], AS_OF)
    assert [(verdict.tier_code, verdict.is_eligible) for verdict in verdicts] == [
        ("A", True),
        ("B", True),
        ("C", False),
    ]
    assert [reason.code for reason in verdicts[1].reasons] == [
        R.FEW_EMPLOYEES,
        R.FOUNDED_RECENTLY,
        R.LEARNERS_WITHIN_SEATS,
    ]
    assert verdicts[2].obstacles == (Reason(R.NO_SEATS, {"learners": 1}),)


def test_limits_count_only_where_a_tier_is_for_ventures() -> None:
    # the reference data repeats the venture figures on tier C, which is open to all
    rule = TierRule("C", employees_below=50, years_since_founding_max=5)
    assert codes(Applicant(5_000, date(1950, 1, 1), 0, None), rule) == [R.OPEN_TO_ALL]


@pytest.mark.parametrize(
    ("rule", "learners", "expected", "is_eligible", "by_arrangement"),
    [
        (A, 0, [], True, False),
        (A, 1, [R.LEARNERS_WITHIN_SEATS], True, False),
        (A, 2, [R.LEARNERS_BEYOND_SEATS], True, False),
        (A, 3, [R.BY_ARRANGEMENT], True, True),
        (A, 40, [R.BY_ARRANGEMENT], True, True),
        (C, 0, [], True, False),
        (C, 1, [R.NO_SEATS], False, False),
        (C, 3, [R.NO_SEATS], False, False),
        (MONITOR, 2, [], True, False),
        (MONITOR, 3, [R.BY_ARRANGEMENT], True, True),
        (replace(A, arrangement_from_learners=None), 9, [R.LEARNERS_BEYOND_SEATS], True, False),
        (replace(A, training_seats=3), 3, [R.BY_ARRANGEMENT], True, True),
    ],
)
def test_learners_and_seats(
    rule: TierRule, learners: int, expected: list[ReasonCode], is_eligible: bool, by_arrangement: bool
) -> None:
    verdict = judge_tier(Applicant(300, date(1990, 1, 1), learners, "7123456789012"), rule, AS_OF)
    about_learners = {R.LEARNERS_WITHIN_SEATS, R.LEARNERS_BEYOND_SEATS, R.BY_ARRANGEMENT, R.NO_SEATS}
    assert [reason.code for reason in verdict.reasons if reason.code in about_learners] == expected
    assert (verdict.is_eligible, verdict.by_arrangement) == (is_eligible, by_arrangement)


def test_the_monitor_price_is_given_once_per_corporate_number() -> None:
    first = Applicant(300, None, 0, "7123456789012")
    assert codes(first, MONITOR) == [R.OPEN_TO_ALL, R.MONITOR_AVAILABLE]
    again = judge_tier(replace(first, had_monitor_year=True), MONITOR, AS_OF)
    assert again.obstacles == (Reason(R.MONITOR_ALREADY_USED, {"corporate_number": "7123456789012"}),)
    nameless = judge_tier(replace(first, corporate_number=None), MONITOR, AS_OF)
    assert nameless.obstacles == (Reason(R.CORPORATE_NUMBER_UNKNOWN),)
    assert codes(replace(first, had_monitor_year=True), A) == [R.OPEN_TO_ALL]


def test_missing_answers_close_a_tier_provisionally() -> None:
    blank = Applicant(None, None, 0, None)
    verdict = judge_tier(blank, B, AS_OF)
    assert [reason.code for reason in verdict.obstacles] == [R.EMPLOYEES_UNKNOWN, R.FOUNDING_UNKNOWN]
    assert verdict.is_provisional
    assert not judge_tier(replace(blank, employees=50), B, AS_OF).is_provisional
    assert judge_tier(blank, A, AS_OF).is_eligible
    assert not judge_tier(blank, A, AS_OF).is_provisional


def test_evidence_is_json_with_inputs_rule_and_reasons() -> None:
    evidence = judge_tier(VENTURE, B, AS_OF).as_evidence()
    assert json.loads(json.dumps(evidence)) == evidence
    assert evidence == {
        "tier": "B",
        "as_of": "2026-04-01",
        "is_eligible": True,
        "by_arrangement": False,
        "reasons": [
            {"code": "few_employees", "figures": {"employees": 49, "below": 50}},
            {
                "code": "founded_recently",
                "figures": {"founded_on": "2021-04-01", "years_max": 5, "last_day": "2026-04-01"},
            },
            {"code": "learners_within_seats", "figures": {"learners": 1, "seats": 1}},
        ],
        "applicant": {
            "employees": 49,
            "founded_on": "2021-04-01",
            "learners_wanted": 1,
            "corporate_number": "7123456789012",
            "had_monitor_year": False,
        },
        "rule": {
            "code": "B",
            "requires_venture": True,
            "employees_below": 50,
            "years_since_founding_max": 5,
            "training_seats": 1,
            "arrangement_from_learners": 3,
            "monitor_once": False,
        },
    }


def test_impossible_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="nought"):
        replace(VENTURE, employees=-1)
    with pytest.raises(ValueError, match="nought"):
        replace(VENTURE, learners_wanted=-1)
    with pytest.raises(ValueError, match="must say what a venture is"):
        TierRule("B", requires_venture=True, employees_below=50)


founding_days = st.dates(date(1950, 1, 1), date(2040, 1, 1))


@given(founding_days, st.integers(1, 30))
def test_the_last_day_is_the_anniversary_or_the_leap_day_beside_it(founded_on: date, years: int) -> None:
    last = last_venture_day(founded_on, years)
    assert last.year == founded_on.year + years
    if (founded_on.month, founded_on.day) not in {(2, 28), (2, 29)}:
        assert (last.month, last.day) == (founded_on.month, founded_on.day)
    else:
        assert (last.month, last.day) in {(2, 28), (2, 29)}


@given(founding_days, founding_days, st.integers(0, 100))
def test_a_company_never_grows_younger(founded_on: date, as_of: date, employees: int) -> None:
    applicant = Applicant(employees, founded_on, 0, None)
    later = as_of + timedelta(days=1)
    if as_of >= founded_on and not judge_tier(applicant, B, as_of).is_eligible:
        assert not judge_tier(applicant, B, later).is_eligible


@given(
    st.builds(
        Applicant,
        st.none() | st.integers(0, 10_000),
        st.none() | founding_days,
        st.integers(0, 10),
        st.none() | st.just("7123456789012"),
        st.booleans(),
    ),
    st.sampled_from([A, B, C, MONITOR]),
)
def test_a_verdict_is_yes_exactly_without_obstacles(applicant: Applicant, rule: TierRule) -> None:
    verdict = judge_tier(applicant, rule, AS_OF)
    assert verdict.is_eligible is (verdict.obstacles == ())
    assert verdict.reasons != ()
    assert json.loads(json.dumps(verdict.as_evidence())) == verdict.as_evidence()
