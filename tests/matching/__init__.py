"""Internships."""
