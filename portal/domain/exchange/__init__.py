"""Files that go in and out as JSON: read whole, or refused whole with every fault at its path."""
