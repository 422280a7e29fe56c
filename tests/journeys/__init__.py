"""Whole stories in a real browser, against the portal started as a user starts it."""
