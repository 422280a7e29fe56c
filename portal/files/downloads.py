"""Send a stored file: always to be saved, never to be shown or run."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from flask import send_file
from werkzeug.wrappers import Response

from portal.files.models import StoredFile


def download(file: StoredFile) -> Response:
    """The bytes as an attachment under the name that people see. The caller has made sure that they may have it."""
    return download_bytes(file.content, name=file.name, media_type=file.media_type)


def download_bytes(content: bytes, *, name: str, media_type: str) -> Response:
    """As `download`, for what is made when it is asked for."""
    response = send_file(
        BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0
    )
    if not name.isascii():  # programs that read the plain name alone get what is left of it
        plain = name.encode("ascii", "ignore").decode().lstrip("_- ")
        names = {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
        response.headers.set("Content-Disposition", "attachment", **names)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    )
    return response
