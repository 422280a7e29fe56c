"""What can be decided without a database or a browser.

Frozen dataclasses go in, dataclasses with reasons come out. Nothing here imports Flask, SQLAlchemy or another
folder of the portal; a test holds it. Reasons are enum members plus figures: pages turn them into words.

- money, tax: whole yen, tax rounded once per rate and invoice
- numbering, organisation_numbers: numbers that people read out and type back
- names, email_keys, lookalikes: how names are written, compared and told apart
- terms, due_dates, entitlements: fiscal years, contract terms, when to pay and what a term opens
- eligibility, application_flow: who may choose which tier, and how an application moves
"""
