"""Careers: what doctoral students say of themselves, who supervises them, and their talks with the career-support office.

A student opens each item of the profile to companies or keeps it; companies read what is open, of those students alone who
showed interest in a posting of theirs. The office's notes on a career are read by career-support staff and by nobody else. A
completed training is a credential in `accounts`.
"""
