"""Internships in the story: three rounds, their postings, and whoever takes part."""
