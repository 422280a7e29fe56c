"""`renkei schedule`: a season of meetings from a file, without a portal."""
