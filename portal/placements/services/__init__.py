"""The verbs of placements; one module a noun, each imported by its name."""

from portal.placements import labels as labels
