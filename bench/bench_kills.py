"""SIGKILL before every SQL statement, and on both sides of COMMIT, of every path on which money moves: what is found broken.

    python -m bench.bench_kills [part of a path's name]

Runs the suite's crash tests with every point instead of every fourth, on SQLite, and on PostgreSQL when TEST_DATABASE_URL names a
server. Prints kills and violations for each path (issue, pay, news of the provider, apply and undo a deposit, import, credit, refund,
reverse, move, correct, renew …) and exits 1 at a violation.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATH = re.compile(r"test_(.+)_survives?_a_kill_anywhere")


def main(arguments: list[str]) -> int:
    server = os.environ.get("TEST_DATABASE_URL", "")
    broken = 0
    for name, url in (("SQLite", ""), ("PostgreSQL", server)):
        if name == "PostgreSQL" and not url:
            print("PostgreSQL: skipped, TEST_DATABASE_URL is not set")
            continue
        kills, failed, said = run(url, arguments)
        print(
            f"{name}: {sum(kills.values()):,} kills on {len(kills)} paths, {len(failed)} paths with a violation",
            flush=True,
        )
        for path, count in sorted(kills.items()):
            print(
                f"  {path.replace('_', ' '):32} {count:5} kills  {'BROKEN' if path in failed else '0 violations'}"
            )
        broken += len(failed)
        if failed or not kills:
            print(said[-3000:])
            broken += not kills
    return 1 if broken else 0


def run(url: str, arguments: list[str]) -> tuple[Counter[str], set[str], str]:
    """Kills by path, paths with a violation, what pytest said."""
    tests = sorted(
        str(path) for kind in ("crashes", "races") for path in (ROOT / "tests").rglob(f"test_*{kind}.py")
    )
    chosen = f"kill_anywhere and {arguments[0]}" if arguments else "kill_anywhere"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "kills"
        log.touch()
        settings = {
            **os.environ,
            "RENKEI_EVERY_CRASH": "1",
            "RENKEI_CRASH_LOG": str(log),
            "TEST_DATABASE_URL": url,
        }
        command = [sys.executable, "-m", "pytest", "-q", "-rf", "--timeout", "3000", "-k", chosen, *tests]
        done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
        kills = Counter(path_of(line) for line in log.read_text().splitlines())
    failed = {path_of(line) for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))}
    return kills, failed, done.stdout


def path_of(line: str) -> str:
    found = PATH.search(line)
    return found[1] if found else line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
