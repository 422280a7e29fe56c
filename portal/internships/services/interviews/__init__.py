"""Interviews: times that a company offers, invitations, answers, what became of them; one module a side."""
