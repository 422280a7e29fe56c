"""The record of a run as a file."""

from __future__ import annotations

import io
import zipfile


def packed_record(market: str, result: str) -> bytes:
    """Both texts as a ZIP, the same bytes for the same run."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (("market.json", market), ("result.json", result)):
            made = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(made, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
