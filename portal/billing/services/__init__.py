"""The verbs of billing. Other features use these; pages and jobs of billing use its modules."""

from portal.billing import labels as labels  # the trail's words come with the verbs
from portal.billing.services import register as register  # every paper enters it when it is written
from portal.billing.services.bills import BillLine, Words
from portal.billing.services.invoices import issue_invoice
from portal.billing.services.issuers import set_issuer_profile, set_tax_treatment
from portal.billing.services.quotes import create_quote

__all__ = [
    "BillLine",
    "Words",
    "create_quote",
    "issue_invoice",
    "set_issuer_profile",
    "set_tax_treatment",
]
