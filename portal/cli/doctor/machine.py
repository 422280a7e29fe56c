"""This host: what set-up made, and room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from portal.cli.assets import are_assets_copied
from portal.cli.doctor.findings import Finding
from portal.core.i18n import FOLDER
from portal.settings import ROOT, Settings

FREE_BYTES_WANTED = 2_000_000_000


def look(settings: Settings) -> Iterator[Finding]:
    """Front end, catalogues, disk."""
    yield Finding(
        "front end", are_assets_copied(), "styles, scripts and fonts in static/vendor (else: make setup)"
    )
    compiled = all(p.with_suffix(".mo").exists() for p in FOLDER.rglob("*.po"))
    yield Finding("languages", compiled, "catalogues are compiled (else: make setup)")
    place = _data_folder(settings)
    free = shutil.disk_usage(place).free
    yield Finding(
        "disk", free > FREE_BYTES_WANTED, f"{free // 1_000_000_000} GB free at {place}", is_advice=True
    )


def _data_folder(settings: Settings) -> Path:
    wanted = Path(make_url(settings.database_url).database or ".").parent if settings.is_sqlite else ROOT
    while not wanted.exists():
        wanted = wanted.parent
    return wanted
