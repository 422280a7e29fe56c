"""Hubs (拠点) and the institutions that belong to them.

A hub has one lead university (the consortium: a representative institution), partner and cooperating universities,
research institutes and companies. Universities and institutes are organisations of the portal; a company that a
published source names stays a name until it joins.
"""
