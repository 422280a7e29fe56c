"""The trail's verbs in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "person.added": _l("Person added"),
        "person.profile_changed": _l("Profile changed"),
        "person.email_changed": _l("Mail address changed"),
        "person.password_changed": _l("Password changed"),
        "person.totp_added": _l("Code generator added"),
        "person.totp_removed": _l("Code generator removed"),
        "person.recovery_codes_made": _l("Recovery codes made"),
        "person.recovery_code_used": _l("Recovery code used"),
        "person.passkey_added": _l("Passkey added"),
        "person.passkey_removed": _l("Passkey removed"),
        "person.signed_out_everywhere": _l("Signed out everywhere"),
        "person.disabled": _l("Account closed"),
        "person.enabled": _l("Account opened again"),
        "person.factors_reset": _l("Second factors removed by the office"),
        "credential.granted": _l("Completed training recorded"),
        "credential.revoked": _l("Completed training taken back"),
        "organisation.registered": _l("Organisation registered"),
        "organisation.updated": _l("Organisation's data changed"),
        "organisation.role_given": _l("Role given"),
        "organisation.role_taken": _l("Role taken away"),
        "organisation.person_removed": _l("Person removed from the organisation"),
        "invitation.requested": _l("Somebody asked for an invitation"),
        "invitation.sent": _l("Invitation sent"),
        "invitation.resent": _l("Invitation sent again"),
        "invitation.revoked": _l("Invitation withdrawn"),
        "invitation.accepted": _l("Invitation accepted"),
        "list.exported": _l("List saved as a file"),
    }
)
