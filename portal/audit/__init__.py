"""Who did what, when, old and new: written in the same transaction as the deed.

Rows are never changed or deleted (the database refuses). Each row carries the hash of the one before it in its stream;
a stream is an organisation or the house itself, so that one company's acts do not wait for another's.
An entry for the party (`Audience.PARTY`) stands on the timeline that the organisation sees; all entries stand on staff's.
"""
