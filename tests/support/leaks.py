"""All words in an answer, whatever its form: pages, JSON, PDF, workbooks, headers."""

from __future__ import annotations

import io
import zipfile

from pypdf.errors import PyPdfError
from werkzeug.test import TestResponse

from tests.support.pdf_text import plain_text_of, squeezed


def words_of(response: TestResponse) -> str:
    """Headers and body as one text."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers)
    return f"{headers}\n{_body(response.get_data())}"


def _body(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        try:
            text = plain_text_of(content)
        except PyPdfError:  # what only calls itself one
            return content.decode("utf-8", "replace")
        return f"{text}\n{squeezed(text)}"
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return content.decode("utf-8", "replace")
