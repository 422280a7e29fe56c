"""Forms at the door."""

from __future__ import annotations

from portal.core.forms import Form, email, line, password
from portal.core.i18n import _l

_ADDRESS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(Form):
    """Address and password."""

    email = email(_l("Mail address"), render_kw=_ADDRESS)
    password = password(_l("Password"), render_kw={"autocomplete": "current-password"})


class AddressForm(Form):
    """An address to which a link goes."""

    email = email(_l("Mail address"), render_kw=_ADDRESS)


class CodeForm(Form):
    """A code of the generator, or a recovery code."""

    code = line(
        _l("Code"),
        most=40,
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "autocapitalize": "none",
        },
    )


class NewPasswordForm(Form):
    """A password chosen anew."""

    password = password(_l("New password"), render_kw={"autocomplete": "new-password"})
