"""Membership: tiers, windows, applications, their review, and the contract terms from which membership derives.

Words: a *tier* is a price with what it includes, valid by fiscal year; a *window* is when applications for a fiscal
year are taken; an *application* is a draft until it is submitted (each submission freezes a *revision*); a *term* is one
fiscal year's contract. Whoever checks an application does not decide on it. Approval makes the term and its invoice;
payment makes the term active. An organisation has one live application and one open term per fiscal year at most.

Who may do what: the person who began an application, those it was shared with, and the company's administrators and
representative edit and submit it; the secretariat checks and returns it; the steering committee decides (`policy`).
"""
