"""What `deploy/` says is what the portal reads and does."""

from __future__ import annotations

import re
from pathlib import Path

from portal.cli.main import PLACES
from portal.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "deploy" / "renkei.env.example").read_text()


def test_the_example_names_every_variable_and_no_other() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE))
    read = {
        f.metadata["variable"] for f in Settings.__dataclass_fields__.values() if "variable" in f.metadata
    }
    assert named == read | {"INSTANCE_PATH", "RENKEI_MODE"}


def test_the_example_gives_no_secret() -> None:
    assert re.findall(r"^(SECRET_KEY|STRIPE_\w+)=.+", EXAMPLE, re.MULTILINE) == []


def test_the_proxy_logs_no_secret_of_a_link() -> None:
    """Neither what stands behind the question mark, nor the page from which somebody comes."""
    lines = (ROOT / "deploy" / "nginx.conf").read_text()
    (written,) = re.findall(r"^log_format renkei ([^;]*);", lines, re.MULTILINE)
    variables = set(re.findall(r"\$\{?(\w+)", written))
    assert variables.isdisjoint({"request", "request_uri", "args", "query_string", "http_referer"})
    assert variables >= {"renkei_path", "status", "request_id"}
    assert re.search(
        r"map \$request_uri \$renkei_path \{\s*\"~\^\(\?<path>\[\^\?\]\*\)\" \$path;\s*\}", lines
    )
    assert set(re.findall(r"^ *access_log ([^;]*);", lines, re.MULTILINE)) == {
        "/var/log/nginx/renkei.log renkei",
        "off",
    }
    servers = lines.split("\nserver {")[1:]
    assert [s.count("access_log /var/log/nginx/renkei.log renkei;") for s in servers] == [1, 1]
    assert [s.count("error_log /var/log/nginx/renkei-error.log crit;") for s in servers] == [1, 1]


def test_units_run_commands_that_exist() -> None:
    started = {
        command
        for unit in (ROOT / "deploy").glob("*.service")
        for command in re.findall(r"\.venv/bin/renkei (\w+)", unit.read_text())
    }
    assert started == {"worker", "backup"}  # the web server is gunicorn itself, on a socket
    assert started <= set(PLACES)
