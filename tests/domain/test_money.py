import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import LARGEST_YEN, NotYen, YenProblem, is_yen, parse_yen, require_yen, sum_yen


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, True),
        (-500, True),
        (999_999_999_999, True),
        (1_000_000_000_000, False),
        (-1_000_000_000_000, False),
        (1.0, False),
        (True, False),
        ("1", False),
        (None, False),
    ],
)
def test_is_yen_takes_whole_numbers_of_twelve_digits(value: object, expected: bool) -> None:
    assert is_yen(value) is expected


def test_require_yen_refuses_floats_and_bools_by_type() -> None:
    with pytest.raises(TypeError, match="unit price must be a whole number of yen, not float"):
        require_yen(10.0, name="unit price")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        require_yen(True)
    with pytest.raises(ValueError, match="beyond"):
        require_yen(LARGEST_YEN + 1)


def test_sum_yen_adds_and_checks_the_total() -> None:
    assert sum_yen([]) == 0
    assert sum_yen([2_000_000, -500_000, 1]) == 1_500_001
    with pytest.raises(ValueError, match="total"):
        sum_yen([LARGEST_YEN, 1])


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("1100000", 1_100_000),
        ("1,100,000", 1_100_000),
        ("¥1,100,000", 1_100_000),
        ("￥１，１００，０００", 1_100_000),
        ("1100000円", 1_100_000),
        (" １１０ 円 ", 110),
        ("▲500", -500),
        ("△ 500円", -500),
        ("-¥500", -500),
        ("¥-500", -500),
        ("−500", -500),
        ("0", 0),
        ("-0", 0),
        ("007", 7),
        ("000000000000000001", 1),
        ("999999999999", 999_999_999_999),
    ],
)
def test_parse_yen_reads_what_people_type(text: str, yen: int) -> None:
    assert parse_yen(text) == yen


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", YenProblem.EMPTY),
        ("　", YenProblem.EMPTY),
        ("円", YenProblem.EMPTY),
        ("¥", YenProblem.EMPTY),
        ("110万", YenProblem.NOT_A_NUMBER),
        ("1,10", YenProblem.NOT_A_NUMBER),
        ("1,1000", YenProblem.NOT_A_NUMBER),
        ("--5", YenProblem.NOT_A_NUMBER),
        ("1e6", YenProblem.NOT_A_NUMBER),
        ("nan", YenProblem.NOT_A_NUMBER),
        ("1\x00", YenProblem.NOT_A_NUMBER),
        ("٣", YenProblem.NOT_A_NUMBER),
        ("100.5", YenProblem.NOT_WHOLE),
        ("100.0", YenProblem.NOT_WHOLE),
        ("1000000000000", YenProblem.TOO_LARGE),
        ("9" * 100_000, YenProblem.TOO_LARGE),
    ],
)
def test_parse_yen_says_why_not(text: str, problem: YenProblem) -> None:
    with pytest.raises(NotYen) as refused:
        parse_yen(text)
    assert refused.value.problem is problem


@given(st.integers(-LARGEST_YEN, LARGEST_YEN))
def test_parse_yen_reads_every_amount_back(yen: int) -> None:
    assert parse_yen(f"¥{yen:,}") == yen
    assert parse_yen(f"{yen}円") == yen


@given(st.text(alphabet="019０９,，.．¥￥\\円▲-− eE٣²\x00\ud800万"))
def test_parse_yen_gives_yen_or_a_reason(text: str) -> None:
    try:
        assert is_yen(parse_yen(text))
    except NotYen as refused:
        assert isinstance(refused.problem, YenProblem)
