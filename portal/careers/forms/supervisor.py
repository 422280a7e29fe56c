"""Who supervises a student."""

from __future__ import annotations

from portal.core.forms import Form, email, hidden_number, line
from portal.core.i18n import _l


class SupervisorForm(Form):
    """Name and address; `seen` is the supervision that the page showed."""

    name = line(_l("Supervisor's name"), most=100, render_kw={"autocomplete": "off"})
    email = email(
        _l("Supervisor's mail address"),
        hint=_l("We write to this address at once and say that you named it."),
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    seen = hidden_number(required=False)
