"""The verbs of careers; one module a noun, each imported by its name."""

from portal.careers import labels as labels
