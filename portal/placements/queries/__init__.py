"""Reads of placements, one module a noun."""
