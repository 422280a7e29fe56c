"""`renkei match` from the shell: same bytes, exit codes, faults by path, nothing written on refusal."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.domain.exchange.canonical import to_bytes
from portal.domain.matching.results import hash_of_result

SMALL = {
    "format": "renkei-matching/1",
    "students": {"s1": ["p1", "p2"], "s2": ["p1"], "s3": ["p1", "p2"]},
    "postings": {"p1": {"company": "c1", "capacity": 1}, "p2": {"company": "c2", "capacity": 1}},
    "companies": {
        "c1": {"capacity": 1, "students": ["s1", "s2", "s3"]},
        "c2": {"capacity": 1, "students": ["s1", "s3"]},
    },
}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret, no database: the commands ask for neither."""
    for name in ("SECRET_KEY", "DATABASE_URL", "RENKEI_MODE"):
        monkeypatch.delenv(name, raising=False)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["match", *map(str, words)])


def written(folder: Path, value: Any) -> Path:
    file = folder / "in.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


def solved(folder: Path) -> tuple[Path, Path]:
    market, result = written(folder, SMALL), folder / "out.json"
    assert run("solve", market, "--out", result).exit_code == 0
    return market, result


def test_solve_verify(tmp_path: Path) -> None:
    market, result = solved(tmp_path)
    value = json.loads(result.read_bytes())
    assert value["matching"] == {"s1": "p1", "s3": "p2"}
    assert value["unmatched"] == ["s2"]
    assert value["certificate"] == {"feasible": True, "blocking_pairs": [], "student_optimal": True}
    assert value["explanations"]["s2"] == [{"posting": "p1", "reason": "filled_by_higher_ranked"}]
    assert value["statistics"]["by_rank"] == {"1": 1, "2": 1}
    assert (
        run("verify", market, result).output
        == "Feasible, no blocking pair, best for students, and equal to a replay.\n"
    )
    assert result.stat().st_mode & 0o077 == 0


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    market, result = solved(tmp_path)
    assert run("solve", market).stdout_bytes == result.read_bytes()


def test_another_matching_is_refused_with_its_blocking_pairs(tmp_path: Path) -> None:
    market, result = solved(tmp_path)
    value = json.loads(result.read_bytes())
    value["matching"] = {"s2": "p1", "s3": "p2"}
    result.write_text(json.dumps(value))
    told = run("verify", market, result)
    assert told.exit_code == 1
    assert "Blocking pair: s1 p1.\n" in told.output
    assert "Blocking pair: s1 p2.\n" in told.output
    assert "The result's own SHA-256 is another" in told.output


@pytest.mark.parametrize(
    ("section", "change", "said"),
    [
        ("explanations", {"s2": []}, "A replay gives something else in explanations."),
        ("statistics", {"students": 3}, "A replay gives something else in statistics."),
        ("unmatched", [], "A replay gives something else in unmatched."),
        ("record", {"input_sha256": "00", "engine": "x"}, "The result was made from another input."),
        ("matching", {"s1": "p9"}, "Not feasible: unknown_posting p9."),
        ("matching", {"s1": "p1", "s2": "p1"}, "Not feasible: posting_over_capacity p1."),
        ("matching", {"s2": "p2"}, "Not feasible: not_listed_by_student s2."),
        ("matching", {"nobody": "p1"}, "Not feasible: unknown_student nobody."),
        ("matching", [], "This is no result"),
        ("format", "x", "This is no result"),
    ],
)
def test_a_result_that_was_tampered_with(tmp_path: Path, section: str, change: object, said: str) -> None:
    market, result = solved(tmp_path)
    result.write_text(json.dumps(json.loads(result.read_bytes()) | {section: change}))
    told = run("verify", market, result)
    assert told.exit_code == 1
    assert said in told.output


DRAWN = SMALL | {"lottery": {"round": "2026-main", "secret": "00ff"}}


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("record", {"lottery_commitment": "0" * 64}), ("record", {"engine": "foo"}), ("record", {"approved": "yes"}),
        ("record", {"lottery_commitment": None}), ("statistics", {"students": 3.0}),
        ("certificate", {"feasible": 1}),
    ],
)  # fmt: skip
def test_what_was_tampered_with_and_hashed_anew(
    tmp_path: Path, section: str, change: dict[str, object]
) -> None:
    market, result = written(tmp_path, DRAWN), tmp_path / "out.json"
    assert run("solve", market, "--out", result).exit_code == 0
    value = json.loads(result.read_bytes())
    changed = value[section] | change
    value[section] = {key: item for key, item in changed.items() if item is not None}
    value["record"]["result_sha256"] = hash_of_result(value)
    result.write_bytes(to_bytes(value))
    told = run("verify", market, result)
    assert told.exit_code == 1
    assert told.output == f"A replay gives something else in {section}.\n"


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"format": "\\ud800"}', b"9" * 5000]
)
def test_no_result_at_all(tmp_path: Path, content: bytes) -> None:
    market, result = solved(tmp_path)
    result.write_bytes(content)
    told = run("verify", market, result)
    assert (told.exit_code, "This is no result" in told.output) == (1, True)


def test_every_fault_is_listed_by_path_and_nothing_is_written(tmp_path: Path) -> None:
    value = json.loads(json.dumps(SMALL))
    value["students"]["s1"] = ["p1", "p1", "p7"]
    value["postings"]["p1"]["capacity"] = -1
    value["fixed"] = [["s1", "p2"], ["s1", "p2"]]
    told = run("solve", written(tmp_path, value), "--out", tmp_path / "out.json")
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "$.students.s1[1]: is listed twice p1",
        "$.students.s1[2]: there is no posting p7",
        "$.postings.p1.capacity: is below 0",
        "$.fixed[1]: student s1 has a fixed pair already",
        "$.fixed[1]: the fixed pair exceeds $.postings.p2.capacity",
        "$.fixed[1]: the fixed pair exceeds $.companies.c2.capacity",
        "Error: in.json has 6 faults; nothing was written.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


def test_one_fault_is_one(tmp_path: Path) -> None:
    told = run("solve", written(tmp_path, SMALL | {"students": []}), "--out", tmp_path / "out.json")
    assert "$.students: an object is expected" in told.output
    told = run("solve", written(tmp_path, SMALL | {"odd": 1}), "--out", tmp_path / "out.json")
    assert "in.json has 1 fault; nothing was written." in told.output


def test_what_stood_there_stays_when_the_input_is_refused(tmp_path: Path) -> None:
    _market, result = solved(tmp_path)
    before = result.read_bytes()
    assert run("solve", written(tmp_path, {}), "--out", result).exit_code == 1
    assert result.read_bytes() == before


def test_a_pipe_stays_a_pipe_and_is_written_into(tmp_path: Path) -> None:
    """So does a device: a rename would put a file in its place, for every program of the host."""
    market, pipe = written(tmp_path, SMALL), tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert run("solve", market, "--out", pipe).exit_code == 0
    assert pipe.is_fifo()
    reader.join(10)
    assert read == [run("solve", market).stdout_bytes]


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    market, (there, link) = written(tmp_path, SMALL), (tmp_path / "there.json", tmp_path / "link.json")
    link.symlink_to(there.name)
    for _ in range(2):  # before the file is there, and afterwards
        assert run("solve", market, "--out", link).exit_code == 0
        assert link.is_symlink()
        assert there.read_bytes() == run("solve", market).stdout_bytes
        there.write_bytes(b"of before")
    circle = tmp_path / "circle.json"
    circle.symlink_to(circle.name)
    told = run("solve", market, "--out", circle)
    assert (told.exit_code, circle.is_symlink()) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "circle.json", "in.json", "link.json", "there.json",
    ]  # fmt: skip


@pytest.mark.parametrize("option", ["--ties", "--vetoes"])
@pytest.mark.parametrize("value", ["nan", "inf", "-0.1"])
def test_a_chance_is_a_number_from_0_to_1(option: str, value: str) -> None:
    told = run("generate", "--students", 3, "--companies", 1, "--seed", 1, option, value)
    assert told.exit_code == 2
    assert option in told.output


def test_generate_makes_the_same_market_and_solves_it(tmp_path: Path) -> None:
    recipe = (
        "--students",
        60,
        "--companies",
        12,
        "--seed",
        7,
        "--ties",
        0.4,
        "--vetoes",
        0.1,
        "--regions",
        3,
    )
    first, second = run("generate", *recipe), run("generate", *recipe)
    assert first.exit_code == 0
    assert first.stdout_bytes == second.stdout_bytes
    assert (
        first.stdout_bytes != run("generate", "--students", 60, "--companies", 12, "--seed", 8).stdout_bytes
    )
    market, result = tmp_path / "m.json", tmp_path / "r.json"
    assert run("generate", *recipe, "--out", market).exit_code == 0
    assert market.read_bytes() == first.stdout_bytes
    assert run("solve", market, "--out", result).exit_code == 0
    assert run("verify", market, result).exit_code == 0


@pytest.mark.parametrize(("students", "companies"), [(0, 0), (3, 0), (0, 3), (1, 1)])
def test_empty_markets(tmp_path: Path, students: int, companies: int) -> None:
    market = tmp_path / "m.json"
    run("generate", "--students", students, "--companies", companies, "--seed", 1, "--out", market)
    assert run("solve", market).exit_code == 0
