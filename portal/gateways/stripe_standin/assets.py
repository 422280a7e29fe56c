"""The page's style sheet, and the portal's own Japanese font where it is installed (a bare machine has none)."""

from __future__ import annotations

from pathlib import Path

from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from portal.settings import ROOT

STYLE_SHEET = "checkout.css"
FONT_SHEET = "font/index.css"
_FONT = ROOT / "static" / "vendor" / "noto-sans-jp"
_TYPES = {".css": "text/css", ".woff2": "font/woff2"}


def style_sheets() -> list[str]:
    """What the page links to, below `/pay/`."""
    return [FONT_SHEET, STYLE_SHEET] if (_FONT / "index.css").exists() else [STYLE_SHEET]


def asset(name: str) -> Response | None:
    """The file behind `/pay/<name>`, or None when the name is no asset's."""
    if name == STYLE_SHEET:
        return _file(Path(__file__).parent / STYLE_SHEET)
    if not name.startswith("font/"):
        return None
    inside = safe_join(str(_FONT), name.removeprefix("font/"))
    if inside and Path(inside).is_file():
        return _file(Path(inside))
    return Response("not found", 404, mimetype="text/plain")


def _file(path: Path) -> Response:
    response = Response(path.read_bytes(), mimetype=_TYPES.get(path.suffix, "application/octet-stream"))
    response.headers["Cache-Control"] = "max-age=3600"
    return response
