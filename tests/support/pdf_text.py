"""What a reader gets out of a PDF."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """All text in the layout of the page, by pdftotext; by pypdf where Poppler is not installed."""
    program = shutil.which("pdftotext")
    if program is None:
        return plain_text_of(pdf)
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


def plain_text_of(pdf: bytes) -> str:
    """All text in reading order, by pypdf, whose version the lock pins."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """Without any blank or line end, so that a wrapped name is found again."""
    return re.sub(r"\s+", "", text)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Every font that a page names, and whether its outlines are in the file."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            for part in font.get_object().get("/DescendantFonts", [font]):
                described = part.get_object()["/FontDescriptor"].get_object()
                embedded = any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                found[str(described["/FontName"])] = embedded
    return found
