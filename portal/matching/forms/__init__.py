"""Shapes of what is typed; one module a page family."""
