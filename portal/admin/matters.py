"""What entries of the trail are about, in words: groups of verbs, kinds of things. Pure."""

from __future__ import annotations

from portal.core.i18n import _l

MATTERS = {
    "application": _l("Applications"),
    "term": _l("Contracts"),
    "renewal": _l("Renewals"),
    "billing": _l("Quotes, invoices and payments"),
    "bank": _l("Bank and deposits"),
    "books": _l("Books and papers"),
    "internship": _l("Internships"),
    "person": _l("People and sign-in"),
    "organisation": _l("Organisations and roles"),
    "settings": _l("Settings"),
    "operation": _l("Operation"),
}
_PREFIXES = {
    "application": "application",
    "term": "term",
    "tier_change": "term",
    "seats": "term",
    "renewal": "renewal",
    "renewal_campaign": "renewal",
    "quote": "billing",
    "invoice": "billing",
    "checkout": "billing",
    "payment": "billing",
    "receipt": "billing",
    "difference": "billing",
    "credit_note": "billing",
    "advance": "billing",
    "refund": "billing",
    "balance": "billing",
    "dispute": "billing",
    "bank_account": "bank",
    "bank_file": "bank",
    "bank_mapping": "bank",
    "bank_rules": "bank",
    "deposit": "bank",
    "alias": "bank",
    "fee": "bank",
    "paper": "books",
    "archive": "books",
    "journal": "books",
    "round": "internship",
    "posting": "internship",
    "host": "internship",
    "person": "person",
    "credential": "person",
    "organisation": "organisation",
    "invitation": "organisation",
    "tier": "settings",
    "window": "settings",
    "rules": "settings",
    "issuer": "settings",
    "tax": "settings",
    "proration": "settings",
    "job": "operation",
    "list": "operation",
    "trail": "operation",
}
SUBJECTS = {
    "application_windows": _l("Application window"),
    "applications": _l("Application"),
    "bank_accounts": _l("Bank account"),
    "bank_deposits": _l("Deposit"),
    "bank_files": _l("Bank file"),
    "bank_mappings": _l("Reading of the bank's CSV"),
    "bank_rules": _l("Rules for deposits"),
    "contract_terms": _l("Contract"),
    "disputes": _l("Contested payment"),
    "internship_hosts": _l("Places of a company"),
    "internship_postings": _l("Internship posting"),
    "internship_rounds": _l("Round of internships"),
    "invitations": _l("Invitation"),
    "invoices": _l("Invoice"),
    "issuer_profiles": _l("Issuer of invoices"),
    "jobs": _l("Job"),
    "journal_mappings": _l("Layout of the journal"),
    "journal_runs": _l("Journal export"),
    "kept_papers": _l("Paper"),
    "messages": _l("Mail"),
    "organisations": _l("Organisation"),
    "paper_archives": _l("Archive of papers"),
    "payer_aliases": _l("Payer's name"),
    "payments": _l("Payment"),
    "people": _l("Person"),
    "proration_rules": _l("Rule for the rest of a contract"),
    "provider_differences": _l("Difference"),
    "quotes": _l("Quote"),
    "receipts": _l("Receipt"),
    "refund_orders": _l("Refund"),
    "renewal_campaigns": _l("Renewal campaign"),
    "renewals": _l("Renewal"),
    "seat_arrangements": _l("Extra training seats"),
    "rules_versions": _l("Wording"),
    "tax_treatments": _l("Tax treatment"),
    "tier_changes": _l("Change of tier"),
    "tiers": _l("Tier"),
}


def matter_of(verb: str) -> str:
    """The group of a verb, by the word before its dot."""
    return _PREFIXES.get(verb.partition(".")[0], "operation")


def is_known(verb: str) -> bool:
    """Whether somebody said what a verb is about."""
    return verb.partition(".")[0] in _PREFIXES
