"""Questions that companies ask, with short answers from the consortium's rules."""

from __future__ import annotations

from portal.core.i18n import _l

QUESTIONS = (
    (
        _l("Who can become a member?"),
        _l(
            "Any company with an interest in medical data science: pharmaceutical companies, medical IT, devices, "
            "contract research, ventures and others. You name one representative and describe what you plan."
        ),
    ),
    (
        _l("Which tier fits us?"),
        _l(
            "Member A is for large companies and member B for ventures; both include one training seat. Member C is open to "
            "all and has no training seat. The application tells you for each tier whether you qualify, and why."
        ),
    ),
    (
        _l("When does a company count as a venture?"),
        _l("With fewer than 50 employees, and founded no more than five years before the day you apply."),
    ),
    (
        _l("We would like to send several people to the training."),
        _l(
            "Please write the number in your application. From three learners on, the secretariat contacts you and "
            "agrees the terms with you."
        ),
    ),
    (
        _l("How long does a membership last?"),
        _l(
            "One fiscal year, until 31 March. Members of this year have priority for the next while places last."
        ),
    ),
    (
        _l("How do we pay?"),
        _l(
            "By bank transfer or by card, after the steering committee has approved the application. You get an invoice "
            "in the form of the Japanese qualified invoice system, and a receipt once the payment has arrived."
        ),
    ),
    (
        _l("Our accounting needs a quote or a purchase-order number."),
        _l(
            "You can draw up a quote as a PDF before you apply. Your purchase order number stands on the invoice: write it "
            "in the application, or add it until the application is approved."
        ),
    ),
    (
        _l("Can several of us work on one application?"),
        _l(
            "Yes. What you type is saved as you go, you can go on from another device, and you can hand the draft to a "
            "colleague."
        ),
    ),
    (
        _l("How long does the review take?"),
        _l(
            "The secretariat checks the application, then the steering committee decides. You see each step on the "
            "page of your application, and a mail tells you whenever something changes."
        ),
    ),
    (
        _l("Do members without learners take part in the meetings?"),
        _l(
            "Yes. One representative of every member company attends the liaison meeting, and any number of people may "
            "join the study groups."
        ),
    ),
    (
        _l("Must we host interns?"),
        _l("No. Hosting doctoral students is encouraged and never required."),
    ),
)
