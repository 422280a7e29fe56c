"""People, organisations, affiliations, roles, sign-in.

A person has one mail address (by its key form) and belongs to organisations through affiliations: one row per role, with
dates. An organisation has exactly one representative and at least one administrator while it has people at all.
People come in by invitation or by starting an application. They sign in by password or by a one-time link (a page with a
button: GET never signs in); staff bring a second factor. Sessions are rows: rotated at sign-in, ended at sign-out,
disabling, password change or role change.
"""
