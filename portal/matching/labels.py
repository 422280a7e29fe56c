"""The trail's verbs of matching in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "attempt.started": _l("Run of the match started"),
    }
)
