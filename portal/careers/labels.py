"""The trail's verbs of careers in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs

name_verbs({})
