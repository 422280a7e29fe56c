"""Internships: member companies take in doctoral students, from a posting to an evaluated placement.

A *round* has a timetable; in it companies write *postings* (job descriptions) that the career-support office reviews and
publishes; students and companies rank each other; the office runs the match. Hosting is never forced: a company may offer no
place. Mentors and administrators act for their company, each student for themselves, a supervisor for their students. No
company sees another's postings before they are published, and nobody ever sees whose list says what (`docs/internships.md`).
"""
