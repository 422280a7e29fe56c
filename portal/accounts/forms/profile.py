"""Forms about oneself."""

from __future__ import annotations

from portal.accounts.forms import choices
from portal.core.forms import Form, choice, email, latin_letters, line, telephone
from portal.core.i18n import _l


class ProfileForm(Form):
    """Name, reading, Latin letters, telephone, language."""

    name = line(_l("Name"), most=100, render_kw={"autocomplete": "name"})
    name_kana = line(
        _l("Name in katakana"),
        most=100,
        required=False,
        hint=_l("In katakana, with a blank between family name and given name."),
    )
    name_en = line(
        _l("Name in Latin letters"),
        most=100,
        required=False,
        hint=_l("As in your passport or your papers. It stands on what is issued to you in English."),
        checks=[latin_letters],
    )
    telephone = telephone(_l("Telephone"), required=False, render_kw={"autocomplete": "tel"})
    language = choice(_l("Language of pages and mails"), choices=choices.languages(), radio=True)


class NewEmailForm(Form):
    """Another mail address."""

    email = email(_l("New mail address"), render_kw={"autocomplete": "email", "autocapitalize": "none"})
