"""Renkei (連携): the portal of a university-led research consortium and its industry partners.

Floors, rooms and names are described in docs/house.md; imports go down only.
"""
