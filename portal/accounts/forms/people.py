"""Forms about colleagues."""

from __future__ import annotations

from portal.accounts.enums import OrganisationKind
from portal.accounts.forms import choices
from portal.core.forms import Form, choice, email, line, password, several
from portal.core.i18n import _l


class RolesForm(Form):
    """Which roles a colleague holds."""

    roles = several(_l("Roles"), choices=[])

    def offer(self, kind: OrganisationKind) -> None:
        """Offer the roles that an organisation of this kind knows."""
        self.roles.choices = choices.roles(kind)


class InviteForm(RolesForm):
    """Whom to invite, as what."""

    email = email(_l("Mail address"), render_kw={"autocomplete": "off", "autocapitalize": "none"})
    name = line(
        _l("Name"),
        most=100,
        required=False,
        hint=_l("Stands in the mail; the person can correct it."),
        render_kw={"autocomplete": "off"},
    )


class RequestForm(Form):
    """To which company somebody would like to be invited."""

    corporate_number = line(
        _l("Corporate number"),
        most=40,
        hint=_l("13 digits"),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class AcceptForm(Form):
    """Somebody new says who they are."""

    name = line(_l("Your name"), most=100, render_kw={"autocomplete": "name"})
    language = choice(_l("Language of pages and mails"), choices=choices.languages(), radio=True)
    password = password(
        _l("Password"),
        required=False,
        hint=_l(
            "You may leave this empty and sign in by a link that we mail you. Otherwise: 15 characters or more."
        ),
        render_kw={"autocomplete": "new-password"},
    )
