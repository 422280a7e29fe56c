"""The verbs of internships; one module a noun, each imported by its name."""

from portal.internships import labels as labels
