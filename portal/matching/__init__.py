"""Matching: students and companies rank each other, the career-support office runs the match, everybody learns the result.

A student ranks postings, a company ranks students; each list is its owner's alone, before the lists lock and after, and stands
sealed in the database. The office reads one with a recorded reason, never by accident. A run keeps its input, its result and
the certificate that an independent check gave; anybody entitled can replay it (`docs/matching.md`).
"""
