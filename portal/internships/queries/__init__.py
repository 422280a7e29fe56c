"""Reads of internships; each takes the person who asks."""
