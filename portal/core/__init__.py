"""What every feature stands on: database, clock, transaction, access, forms, formats, languages, pages, security, logs.

Knows no feature. Time is aware UTC until it is shown; `clock` is the only clock and `formats` the only place that
knows Asia/Tokyo and the yen sign.
"""
