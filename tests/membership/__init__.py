"""Applications, their review, and the terms that come of them."""
