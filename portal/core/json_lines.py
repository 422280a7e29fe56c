"""Lines of other people's code (the web server, the libraries) as JSON, like our own.

Stands alone: gunicorn's first process loads it, and must not load the portal with it, or a reload would go on with old code.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from gunicorn.glogging import Logger


class JsonLine(logging.Formatter):
    """One record as one line; a traceback stands inside it, escaped."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class WebServerLog(Logger):  # type: ignore[misc]
    """gunicorn's own lines: `--logger-class portal.core.json_lines.WebServerLog`."""

    def _set_handler(self, log, output, fmt, stream=None):  # type: ignore[no-untyped-def]
        super()._set_handler(log, output, JsonLine(), stream)
