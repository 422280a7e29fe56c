"""Forms of runs: shapes alone, and never a rank."""

from __future__ import annotations

from portal.core.forms import Form, line
from portal.core.i18n import _l


class AttemptForm(Form):
    """A new run."""

    name = line(_l("Name of the run"), most=100, hint=_l("For the office alone, to tell runs apart."))
