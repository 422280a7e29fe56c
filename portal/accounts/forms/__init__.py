"""Shapes of input, one module a page family."""
