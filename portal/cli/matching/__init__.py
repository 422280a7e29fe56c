"""`renkei match`: a round of matching from a file, without a portal."""
