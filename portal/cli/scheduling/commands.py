"""`renkei schedule solve`, `explain` and `generate`: they need neither settings nor a database."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click
import jpholiday

from portal.cli.exchange import IN, OUT, read_whole, write_whole
from portal.cli.scheduling.words import BLOCKERS, FAULTS
from portal.domain.scheduling import (
    Meeting,
    Plan,
    Season,
    SeasonRecipe,
    check,
    conflict,
    counterfactuals,
    format_plan,
    format_season,
    generate_season,
    parse_plan,
    parse_season,
    plan_of,
    solve,
    why_not,
)

MOST_SHOWN = 20


@click.group()
def schedule() -> None:
    """Plan a season of meetings, or say why one is not elsewhere, from a file in the format renkei-season/1."""


@schedule.command("solve")
@click.argument("season_file", metavar="IN.json", type=IN)
@click.option("--out", type=OUT, help="Where the plan goes; without it, to the standard output.")
@click.option(
    "--rounds",
    type=click.IntRange(0, 10_000),
    default=60,
    show_default=True,
    help="How long to look; 0: the first answer.",
)
def solve_command(season_file: Path, out: Path | None, rounds: int) -> None:
    """Put every meeting where the fewest attendances are lost. The same input and rounds give the same bytes."""
    season, content = _read(season_file), season_file.read_bytes()
    plan = solve(season, rounds)
    write_whole(format_plan(plan, content), out)
    if out:
        click.echo(_summary(plan))


@schedule.command("explain")
@click.argument("season_file", metavar="IN.json", type=IN)
@click.argument("plan_file", metavar="PLAN.json", type=IN)
@click.option("--group", required=True, help="The group's id.")
@click.option("--meeting", type=click.IntRange(1), required=True, help="Which of its meetings, from 1.")
def explain_command(season_file: Path, plan_file: Path, group: str, meeting: int) -> None:
    """Why a meeting is where it is: what keeps it from each slot, what one person less would open, what together leaves none."""
    season = _read(season_file)
    placed = read_whole(plan_file, lambda content: parse_plan(content, season), FAULTS)
    wanted = Meeting(group, meeting)
    if wanted not in season.meetings:
        raise click.ClickException(f"There is no meeting {meeting} of {group}.")
    plan = plan_of(season, placed)
    _explain(plan, wanted)


@schedule.command("generate")
@click.option("--groups", type=click.IntRange(0, 1_000), required=True)
@click.option("--people", type=click.IntRange(10, 100_000), required=True)
@click.option("--seed", type=click.IntRange(0), required=True, help="Another number, another season.")
@click.option("--meetings", type=click.IntRange(0, 50), default=6, show_default=True, help="Of each group.")
@click.option("--rooms", type=click.IntRange(1), default=3, show_default=True)
@click.option("--out", type=OUT, help="Where the season goes; without it, to the standard output.")
def generate_command(
    groups: int, people: int, seed: int, meetings: int, rooms: int, out: Path | None
) -> None:
    """Invent a season."""
    recipe = SeasonRecipe(groups=groups, people=people, seed=seed, meetings=meetings, rooms=rooms)
    write_whole(format_season(generate_season(recipe, is_working_day)), out)


def is_working_day(day: date) -> bool:
    """No weekend and no Japanese holiday."""
    return day.weekday() < 5 and not jpholiday.is_holiday(day)


def _read(file: Path) -> Season:
    return read_whole(file, lambda content: parse_season(content, is_working_day), FAULTS)


def _summary(plan: Plan) -> str:
    placed = plan.moments
    found = check(plan.season, placed)
    return (
        f"{len(placed):,} of {len(plan.season.meetings):,} meetings have a slot; {found.must_attend_clashes} clashes of people who are "
        f"needed, {found.gap_violations} gaps out of bounds, {found.double_bookings} double-bookings."
    )


def _explain(plan: Plan, wanted: Meeting) -> None:
    now = plan.moments.get(wanted)
    click.echo(
        f"{wanted.group}, meeting {wanted.number}: {now:%Y-%m-%d %H:%M}"
        if now
        else f"{wanted.group}, meeting {wanted.number}: no slot"
    )
    slots = why_not(plan, wanted)
    free = [slot for slot, found in slots.items() if not found]
    click.echo(f"{len(free)} of {len(slots)} slots are open to it.")
    counted = Counter(blocker for found in slots.values() for blocker, _detail in found)
    for blocker, count in counted.most_common():
        click.echo(f"  {count:>5} slots: {BLOCKERS[blocker].format('…')}")
    for slot in free[:MOST_SHOWN]:
        click.echo(f"  open: {slot:%Y-%m-%d %H:%M}")
    for each in counterfactuals(plan, wanted):
        best = f", the best {each.best:%Y-%m-%d %H:%M} with {each.expected:.0%} expected" if each.best else ""
        click.echo(f"Without the need for {each.person}: {each.more} more{best}.")
    together = conflict(plan, wanted)
    if together:
        click.echo("Together these leave no slot: " + "; ".join(together))
