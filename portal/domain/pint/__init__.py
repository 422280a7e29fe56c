"""Invoices and credit notes as JP PINT, the Japanese form of the Peppol invoice (UBL 2.1).

JP PINT knows one kind of document, the invoice (type 380). A credit note is an invoice of negative quantities that names the
one before; a corrected invoice names the one that it replaces. An issuer without a registration number uses the profile for
businesses that are not registered: no seller's tax number, and no tax that a buyer could deduct.
"""

from portal.domain.pint.invoices import credit_note_xml, invoice_xml
from portal.domain.pint.values import (
    PROFILE,
    REGISTERED,
    UNREGISTERED,
    Identities,
    PintProblem,
    Unfit,
    problems,
)

__all__ = [
    "PROFILE",
    "REGISTERED",
    "UNREGISTERED",
    "Identities",
    "PintProblem",
    "Unfit",
    "credit_note_xml",
    "invoice_xml",
    "problems",
]
