"""Extra training seats by arrangement; one module a step, each imported by its name."""
