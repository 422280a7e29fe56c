"""The verbs of matching; one module a noun, each imported by its name."""

from portal.matching import labels as labels
