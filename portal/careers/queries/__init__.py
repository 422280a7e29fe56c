"""Reads of careers; one module a noun."""
