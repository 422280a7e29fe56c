"""What is typed around an application: to begin, to share, to send in, to withdraw; and for a quote."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import HiddenField

from portal.core.forms import (
    Form,
    choice,
    email,
    line,
    paragraph,
    tick,
)
from portal.core.i18n import _l
from portal.membership import choices
from portal.membership.enums import AttachmentKind
from portal.membership.forms.checks import offered, postal_code


class PurchaseOrderForm(Form):
    """The number alone, after the application was sent in; empty takes it off again."""

    number = line(_l("Purchase order number"), most=60, required=False)


class DocumentsForm(Form):
    kind = choice(_l("What is it?"), choices=offered(choices.labelled(AttachmentKind)))
    file = FileField(
        _l("File"), description=_l("PDF, PNG, JPEG, docx, xlsx or pptx, up to 10 MB. No macros, no password.")
    )


class ConfirmForm(Form):
    """The wordings that were shown (`versions`, numbers with commas), each with its box."""

    versions = HiddenField()
    membership_rules = tick(_l("We accept the membership rules"), must=True)
    anti_social_pledge = tick(_l("We make the pledge on anti-social forces"), must=True)
    personal_data = tick(_l("We consent to the handling of personal data"), must=True)

    @property
    def shown(self) -> list[int]:
        """Numbers of the wordings that the page showed."""
        parts = (self.versions.data or "").split(",")
        return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]


class StartForm(Form):
    """A signed-in person begins."""

    fiscal_year = choice(_l("Fiscal year"), radio=True, coerce=int)
    organisation = choice(_l("Company"), radio=True, coerce=int)


class StrangerForm(Form):
    """Somebody new gives a name and an address."""

    name = line(_l("Your name"), most=100)
    email = email(
        _l("Mail address at work"),
        hint=_l("We send a link to this address. Nothing is kept before you open it."),
    )


class ShareForm(Form):
    email = email(_l("Your colleague's mail address"))


class JoinForm(Form):
    """Somebody new says who they are; who is signed in only presses the button."""

    name = line(_l("Your name"), most=100)


class WithdrawForm(Form):
    note = paragraph(_l("Reason"), most=500, required=False)


class QuoteForm(Form):
    tier = choice(_l("Membership tier"), radio=True)
    company = line(_l("Company name"), hint=_l("As it should appear on the quote, with its legal form."))
    department = line(_l("Department"), most=100, required=False)
    person = line(_l("Name"), most=100, required=False)
    postal_code = line(_l("Postal code"), most=8, required=False, checks=[postal_code])
    address = line(_l("Address"), most=300, required=False)
