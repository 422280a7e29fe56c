"""`renkei match solve`, `verify` and `generate`: they need neither settings nor a database."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from portal.cli.exchange import IN, OUT, read_whole, write_whole
from portal.cli.matching.words import FAULTS, doubt_line
from portal.domain.matching import (
    Market,
    Recipe,
    Solution,
    format_market,
    format_result,
    generate,
    parse_market,
    solve,
    verify,
)


class _Chance(click.FloatRange):
    """A number from 0 to 1; what is no number at all compares as within any range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not a number.", param, ctx)
        return number


CHANCE = _Chance(0, 1)


@click.group()
def match() -> None:
    """Match students with postings, or check a match, from a file in the format renkei-matching/1."""


@match.command("solve")
@click.argument("market_file", metavar="IN.json", type=IN)
@click.option("--out", type=OUT, help="Where the result goes; without it, to the standard output.")
def solve_command(market_file: Path, out: Path | None) -> None:
    """Find the stable matching that is best for students. The same input gives the same bytes."""
    solution = solve(_read(market_file))
    write_whole(format_result(solution), out)
    if out:
        click.echo(_summary(solution))
    if not solution.findings.is_good:
        raise click.ClickException("The checker does not agree with the solver; see the certificate.")


@match.command("verify")
@click.argument("market_file", metavar="IN.json", type=IN)
@click.argument("result_file", metavar="OUT.json", type=IN)
def verify_command(market_file: Path, result_file: Path) -> None:
    """Judge a result by a second implementation and by a replay; exit 1 with what is wrong, blocking pairs by name."""
    market = _read(market_file)
    found = verify(market, result_file.read_bytes())
    for doubt, detail in found.doubts:
        click.echo(doubt_line(doubt, detail))
    if not found.holds:
        raise SystemExit(1)
    click.echo("Feasible, no blocking pair, best for students, and equal to a replay.")


@match.command("generate")
@click.option("--students", type=click.IntRange(0, 1_000_000), required=True)
@click.option("--companies", type=click.IntRange(0, 100_000), required=True)
@click.option("--seed", type=int, required=True, help="Another number, another market.")
@click.option(
    "--listed", type=click.IntRange(0, 1_000), default=5, show_default=True, help="Entries of a list."
)
@click.option(
    "--ties", type=CHANCE, default=0.0, help="Chance that a company ties a student with the one before."
)
@click.option("--vetoes", type=CHANCE, default=0.0, help="Chance that a listed pair is vetoed.")
@click.option("--regions", type=click.IntRange(0, 1_000), default=0, help="Regions with a cap.")
@click.option("--out", type=OUT, help="Where the market goes; without it, to the standard output.")
def generate_command(
    students: int,
    companies: int,
    seed: int,
    listed: int,
    ties: float,
    vetoes: float,
    regions: int,
    out: Path | None,
) -> None:
    """Invent a market."""
    write_whole(
        format_market(generate(Recipe(students, companies, seed, listed, ties, vetoes, regions))), out
    )


def _read(file: Path) -> Market:
    return read_whole(file, parse_market, FAULTS)


def _summary(solution: Solution) -> str:
    counted = solution.statistics
    first = counted.by_rank.get(1, 0)
    return (
        f"{counted.matched:,} of {counted.students:,} students are placed, {first:,} at their first choice; "
        f"{len(solution.findings.blocking_pairs):,} blocking pairs."
    )
