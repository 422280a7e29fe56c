"""Another tier: upwards at once, downwards with the next term. One module a step; each is imported by its name."""
