"""`python -m tests.tools [PART]` runs the gate, or one part of it; `lock` and `locks` tend the lock files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tests.tools.locks import NODE_LOCK, lock_faults, strip_node_lock
from tests.tools.packages import find_program, install, missing_packages
from tests.tools.report import Counts, heading, read_junit, verdict
from tests.tools.servers import NotStarted, postgres, redis
from tests.tools.steps import PARTS, STEPS, Step

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".test"


def check_locks() -> int:
    faults = lock_faults()
    print("\n".join(faults) or "all packages pinned and hashed, no host named")
    return 1 if faults else 0


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of a portal that the user may run here."""
    from portal.settings import Settings

    ours = {f.metadata.get("variable") for f in Settings.__dataclass_fields__.values()} | {
        "INSTANCE_PATH",
        "RENKEI_MODE",
    }
    return {name: value for name, value in os.environ.items() if name not in ours}


def provide_packages(wanted: set[str]) -> set[str]:
    """What `wanted` steps must do without, after an attempt to install it; says so in plain words."""
    packages = [package for package in missing_packages() if package.serves & wanted]
    if not packages:
        return set()
    names = " ".join(package.name for package in packages)
    heading("Debian packages")
    print(f"missing: {names}. Installing them where this user may (.test/apt.log) …", flush=True)
    if install(packages, WORK / "apt.log"):
        return set()
    lacking = set().union(*(package.serves for package in packages if not package.is_present()))
    if lacking:
        print(f"Could not install them. Skipped for it: {', '.join(sorted(lacking))}.")
        print(
            f"As root: apt-get install {names} – then run make test again; or SKIP_SYSTEM=1 make test to go without."
        )
    return lacking


def start_servers(servers: ExitStack, steps: list[Step], lacking: set[str]) -> dict[str, str]:
    """Addresses of the private servers for the steps to come, as environment variables."""
    parts = {step.part for step in steps}
    found = {}
    if "unit" in parts and "redis" not in lacking:
        found["TEST_REDIS_URL"] = servers.enter_context(redis())
    if "postgres" in parts and "postgres" not in lacking:
        found["TEST_DATABASE_URL"] = servers.enter_context(postgres())
    if "browser" in parts and "browser" not in lacking:
        found["TEST_CHROMIUM"] = find_program("chromium") or ""
    return found


def run_step(step: Step, environment: dict[str, str]) -> tuple[bool, Counts, str]:
    """Run one step; gives whether it passed, what pytest counted, and its line of the summary."""
    heading(step.title)
    began = time.monotonic()
    report = WORK / f"{step.report}.xml"
    report.unlink(missing_ok=True)
    passed = subprocess.run(step.command, cwd=ROOT, env=environment, check=False).returncode == 0
    counts = read_junit(report) if step.report else Counts()
    return passed, counts, verdict(step.title, "passed" if passed else "FAILED", time.monotonic() - began)


def run_steps(
    steps: list[Step], lacking: set[str], addresses: dict[str, str]
) -> tuple[bool, Counts, list[str]]:
    """Run all steps whatever the outcome of each; a step that cannot run counts as not passed."""
    environment, well, total, lines = clean_environment(), True, Counts(), []
    for step in steps:
        if step.needs & lacking:
            lines.append(verdict(step.title, "skipped", 0))
            continue
        # only the PostgreSQL step may see its server: all others are on SQLite
        hidden = {"TEST_DATABASE_URL"} if step.part != "postgres" else set()
        given = {name: value for name, value in addresses.items() if name not in hidden}
        passed, counts, line = run_step(step, environment | given)
        well, total = well and passed, total + counts
        lines.append(line)
    return well, total, lines


def run(parts: tuple[str, ...]) -> int:
    """The gate. 0 when everything passed and nothing was skipped for want of a package."""
    steps = [step for step in STEPS if step.part in parts]
    WORK.mkdir(exist_ok=True)
    wanted = {need for step in steps for need in step.needs}
    wanted |= {"redis", "pdf text"} if "unit" in parts else set()
    lacking = provide_packages(wanted)
    with ExitStack() as servers:
        addresses = start_servers(servers, steps, lacking)
        well, total, lines = run_steps(steps, lacking, addresses)
    heading("Summary")
    print("\n".join(lines))
    if lacking:
        print(f"not on this machine: {', '.join(sorted(lacking))}")
    if any(step.report for step in steps):
        print(f"\n{total}")
    return 0 if well and (not lacking or os.environ.get("SKIP_SYSTEM") == "1") else 1


def main(arguments: list[str]) -> int:
    # a polite kill must stop the private servers too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    match arguments:
        case ["lock"]:
            strip_node_lock(ROOT / NODE_LOCK)
            return check_locks()
        case ["locks"]:
            return check_locks()
        case [part] if part not in PARTS:
            print(f"ONLY={part} is not a part. Parts: {', '.join(PARTS)}.")
            return 2
    try:
        return run(tuple(arguments) or PARTS)
    except NotStarted as failure:
        print(f"\n{failure}")
    except KeyboardInterrupt:
        print("\nStopped.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
