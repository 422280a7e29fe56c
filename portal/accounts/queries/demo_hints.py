"""What each of the demonstration's invented people is there for, by mail address."""

from __future__ import annotations

from portal.core.i18n import _l

HINTS = {
    "mihon@renkei.example": _l("checks applications, keeps the books"),
    "reiji@renkei.example": _l("a second pair of eyes: whoever checked does not decide"),
    "unei@renkei.example": _l("decides on applications"),
    "career@renkei.example": _l("plans internship rounds, reviews postings"),
    "kanri@renkei.example": _l("settings, people, audit trail"),
    "ichiro@demo-seiyaku1.example": _l("member for years, has a renewal to answer"),
    "keiri@demo-seiyaku1.example": _l("invoices and receipts"),
    "kanri@demo-seiyaku1.example": _l("looks after the company's people"),
    "ukeire@demo-seiyaku1.example": _l("writes postings, meets and ranks applicants"),
    "hajime@mihon-it.example": _l("has renewed and paid"),
    "alex@example-global.example": _l("reads English, renews at another tier"),
    "takumi@venture-mihon.example": _l("a young company"),
    "moto@kakuu-service.example": _l("its renewal lapsed unpaid, the invoice is still open"),
    "kiki@kakuu-shindan.example": _l("has an invoice to pay"),
    "souta@kakuu-souyaku.example": _l("overdue invoice"),
    "yaku@mihon-shiyaku.example": _l("has paid a part"),
    "gen@demo-genome.example": _l("application just sent in"),
    "kaga@kakuu-kagaku.example": _l("application with four learners"),
    "utsuwa@mihon-device.example": _l("application returned for correction"),
    "mamoru@demo-hoken.example": _l("application waits for the committee"),
    "shoku@reiji-food.example": _l("application not approved"),
    "furu@shinise-venture.example": _l("draft of a company too old for its tier"),
    "ara@demo-shinki.example": _l("draft just begun"),
    "yame@mihon-jutaku.example": _l("does not renew"),
    "machi@kakuu-kensa.example": _l("got more time for its renewal"),
    "osoi@reiji-kaiseki.example": _l("in grace: may still answer its renewal"),
    "tomari@kakuu-zairyo.example": _l("suspended: has renewed and not paid"),
    "nobiru@demo-seicho.example": _l("asks for tier B, which the office looks at first"),
    "manabu@kakuu-u.example": _l("looks for an internship"),
    "robin@kakuu-u.example": _l("looks for an internship, reads English"),
    "shido@kakuu-u.example": _l("approves internships, also by the link in the mail"),
    "karina@shinki.example": _l("may begin an application"),
}
