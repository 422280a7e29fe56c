"""Lock files pin and hash everything and say nowhere from which host it comes."""

from __future__ import annotations

import pytest

from tests.tools.locks import lock_faults, node_faults, python_faults

HASH = "--hash=sha256:" + "0" * 64


def test_locks_are_pinned_hashed_and_name_no_host() -> None:
    assert lock_faults() == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.example/simple",
        "--find-links /somewhere",
        "flask @ https://files.example/flask.whl " + HASH,
        "flask>=3 " + HASH,
        "flask==3.1.3",
        "",
    ],
)
def test_a_bad_python_lock_is_found(line: str) -> None:
    assert python_faults(line) != []


@pytest.mark.parametrize(
    "entry",
    [
        '{"version": "1.0.0", "integrity": "sha512-AA==", "resolved": "x"}',
        '{"version": "1.0.0", "integrity": "sha512-AA==", "funding": "https://funds.example"}',
        '{"version": "1.0.0"}',
    ],
)
def test_a_bad_node_lock_is_found(entry: str) -> None:
    assert node_faults(f'{{"packages": {{"node_modules/a": {entry}}}}}') != []
