"""Forms of the security page."""

from __future__ import annotations

from portal.core.forms import Form, password
from portal.core.i18n import _l


class ChangePasswordForm(Form):
    """The present password and a new one; without a present one the first field falls away."""

    present = password(_l("Present password"), required=False, render_kw={"autocomplete": "current-password"})
    password = password(
        _l("New password"),
        hint=_l(
            "15 characters or more; with a second factor, 8 are enough. Several words in a row are easy to remember."
        ),
        render_kw={"autocomplete": "new-password"},
    )
