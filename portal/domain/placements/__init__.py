"""Rules of placements: the way of a placement, what has to be done before it starts."""
