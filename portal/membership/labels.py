"""The trail's verbs of membership in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "application.started": _l("Application begun"),
        "application.shared": _l("A colleague was asked to help"),
        "application.joined": _l("A colleague joined"),
        "application.unshared": _l("A colleague no longer works on it"),
        "application.file_added": _l("File added"),
        "application.file_removed": _l("File removed"),
        "application.order_number_set": _l("Purchase order number changed"),
        "application.submitted": _l("Application sent in"),
        "application.resubmitted": _l("Corrected application sent in"),
        "application.withdrawn": _l("Application withdrawn"),
        "application.checked": _l("Checked by the secretariat"),
        "application.noted": _l("Note of the secretariat"),
        "application.returned": _l("Correction asked for by the secretariat"),
        "application.approved": _l("Approved by the steering committee"),
        "application.declined": _l("Declined by the steering committee"),
        "application.deferred": _l("Decision deferred by the steering committee"),
        "term.agreed": _l("Contract made"),
        "term.activated": _l("Membership active"),
        "term.cancelled": _l("Contract cancelled; its invoice was given back"),
        "term.reopened": _l("Payment undone; the contract awaits payment again"),
        "term.lapsed": _l("Contract ended, as the fee did not arrive"),
        "term.restored": _l("The contract stands again"),
        "renewal.offered": _l("Renewal offered"),
        "renewal.reminded": _l("Reminded of the renewal"),
        "renewal.renewed": _l("Membership renewed for the next year"),
        "renewal.joined": _l("Renewed by an application that was approved"),
        "renewal.invoiced": _l("Invoice of the renewal issued"),
        "renewal.paid": _l("Renewal paid"),
        "renewal.paid_late": _l("The fee arrived after the renewal had lapsed"),
        "renewal.reopened": _l("Payment of the renewal undone"),
        "renewal.cancelled": _l("Renewal withdrawn; its invoice was given back"),
        "renewal.declined": _l("Renewal declined"),
        "renewal.missed": _l("The day of the renewal has passed; grace begins"),
        "renewal.suspended": _l("Grace is over; the renewal is suspended"),
        "renewal.lapsed": _l("Renewal lapsed"),
        "renewal.extended": _l("More time given for the renewal"),
        "renewal.reinstated": _l("Renewal taken up again"),
        "renewal_campaign.created": _l("Renewal campaign begun"),
        "renewal_campaign.changed": _l("Renewal campaign changed"),
        "tier.added": _l("Tier added"),
        "tier.changed": _l("Tier changed"),
        "window.set": _l("Application window set"),
        "rules.published": _l("Wording published"),
    }
)
