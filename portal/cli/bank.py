"""`renkei bank import FILE`: what the page of the bank does, for a file that a machine fetches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from portal.billing.services.bank.importing import Imported, import_file
from portal.billing.services.bank.reading import FilePlan, plan_file
from portal.billing.services.bank.twins import known_before
from portal.cli.standing import standing_portal
from portal.core.errors import Refused
from portal.core.i18n import in_language
from portal.core.transaction import transaction


@click.group()
def bank() -> None:
    """Files of the bank."""


@bank.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--account", default="", help="Whose CSV it is, as 9990-001-1-0001234; Zengin files name theirs."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def import_command(file: Path, account: str, dry_run: bool, as_json: bool) -> None:
    """Import FILE whole, or refuse it whole with line and column; the same file again adds nothing."""
    with standing_portal(), in_language("en"):
        try:
            answer = _do(file, account, dry_run)
        except Refused as refused:
            if as_json:
                click.echo(json.dumps({"refused": str(refused)}, ensure_ascii=False))
                raise SystemExit(1) from None
            raise click.ClickException(str(refused)) from None
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _sentence(answer))


def _do(file: Path, account: str, dry_run: bool) -> dict[str, Any]:
    content = file.read_bytes()
    if dry_run:
        plan = plan_file(content, account_key=account)
        return _answer(plan, None, len(known_before(plan)))
    with transaction():
        done = import_file(content=content, name=file.name, account_key=account, by=None)
        return _answer(done.plan, done, len(known_before(done.plan, but=done.file.id)))


def _answer(plan: FilePlan, done: Imported | None, maybe_known: int) -> dict[str, Any]:
    days = plan.days if plan.days and not plan.already else (None, None)
    return {
        "kind": plan.kind.value,
        "accounts": list(plan.accounts),
        "sha256": plan.sha256,
        "new": 0 if plan.already else len(plan.deposits),
        "cancellations": 0 if plan.already else len(plan.cancellations),
        "known": plan.known,
        "maybe_known": 0 if plan.already else maybe_known,
        "from": days[0] and days[0].isoformat(),
        "to": days[1] and days[1].isoformat(),
        "more_than_a_year_back": 0 if plan.already else plan.long_past,
        "left_out": plan.left_out,
        "total_yen": 0 if plan.already else plan.total_yen,
        "imported_before": plan.already is not None,
        "written": done is not None and done.is_new,
    }


def _sentence(answer: dict[str, Any]) -> str:
    if answer["imported_before"]:
        return "This very file was imported before; nothing is added."
    done = "imported" if answer["written"] else "would be imported (nothing was written)"
    taken_back = f", {_count(answer['cancellations'], 'cancellation')}" if answer["cancellations"] else ""
    known, left_out = answer["known"], answer["left_out"]
    said = (
        f"{_count(answer['new'], 'deposit')}, {answer['total_yen']:,} yen{taken_back}, {done}; "
        f"{known:,} {'was' if known == 1 else 'were'} known, "
        f"{_count(left_out, 'movement')} {'is' if left_out == 1 else 'are'} money out."
    )
    return " ".join([said, *_warnings(answer)])


def _warnings(answer: dict[str, Any]) -> Iterator[str]:
    """What somebody should look at."""
    if maybe := answer["maybe_known"]:
        yield (
            f"{_count(maybe, 'deposit')} may be here already (same account, day, amount and payer in another file); "
            "none of them is applied by itself."
        )
    if old := answer["more_than_a_year_back"]:
        yield f"{_count(old, 'deposit')} of more than a year back, the first of {answer['from']}: are the years right?"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
