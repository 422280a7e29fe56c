"""What nobody in good faith would send: for addresses, for questions behind the question mark, and for fields."""

from __future__ import annotations

from urllib.parse import quote

# Written into an address in place of a number or a word; already as it travels.
SEGMENTS = {
    "20 digits": "1" * 20,
    "2 to the 63rd": str(2**63),
    "nought": "0",
    "negative": "-1",
    "a NUL": "1%00",
    "a lone surrogate": "%ED%A0%80",
    "bytes of no text": "%FF%FE",
    "long": "9" * 3000,
    "full-width": quote("１"),
    "a path upwards": "..%2F..%2Fsettings",
    "CRLF": "1%0D%0AX-Injected:%20yes",
    "a quote": "1'--",
    "a template": "%7B%7B7*7%7D%7D",
}
# After `?name=`; None sends the name alone.
ANSWERS = {
    "20 digits": "1" * 20,
    "negative": "-1",
    "a NUL": "a\0b",
    "a lone surrogate": "\ud800",
    "long": "あ" * 5000,
    "full-width": "１２３",
    "CRLF": "a\r\nX-Injected: yes",
    "a quote": "'\"><script>alert(1)</script>",
    "a wildcard": "%_\\",
    "JSON": "W10",  # an empty list, in the alphabet of cursors
    "JSON of a list": "WyJhIiwgLTEsIG51bGwsIDFlNDAwXQ",
    "another site": "https://elsewhere.example/",
    "another site, shyly": "//elsewhere.example",
    "another site, backwards": "/\\elsewhere.example",
    "a wrong day": "2026-02-30",
    "a far year": "99999-01-01",
    "nothing": "",
}
MARK = "記した語"  # what an honest person typed, around the harm
# Into one field of a form.
FIELDS = {
    "a NUL": f"{MARK}\0",
    "a lone surrogate": f"{MARK}\ud800",
    "100 kB": MARK + "x" * 100_000,
    "CRLF": f"{MARK}\r\nBcc: everybody@elsewhere.example",
    "an escape": f"{MARK}\x1b[2J",
    "a right-to-left override": f"{MARK}\u202efdp.exe",
    "full-width digits": f"１２３{MARK}",
    "a day that is none": f"2026-02-30{MARK}",
    "markup": f"<b>{MARK}</b><script>alert(1)</script>",
    "a formula": f"=cmd|'/c calc'!A1 {MARK}",
    "a number too large": "9" * 20,
    "a negative number": "-1",
    "infinity": "1e400",
}
EXTRA_FIELDS = {
    "id": "1",
    "state": "approved",
    "role": "administrator",
    "roles": "administrator",
    "is_staff": "1",
    "is_disabled": "0",
    "needs_second_factor": "",
    "organisation_id": "1",
    "person_id": "1",
    "total_yen": "1",
    "amount_yen": "1",
    "price": "1",
    "created_at": "1970-01-01T00:00:00Z",
    "__class__": "乗取り",
    "乗取り": "乗取り",
}
