"""Placements: an intern at a company, from the agreements to the evaluation.

A placement begins when a match is published or an offer is taken. It starts only when everything on its checklist is done;
hours are logged, both sides look at it half-way, and at the end each evaluates the other. The company's evaluation becomes a
sheet and a certificate, which the student may show to anybody (`docs/placements.md`).
"""
