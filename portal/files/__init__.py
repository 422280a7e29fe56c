"""Stored documents: bytes with their SHA-256, kind, confidentiality class and owner.

Bytes live in the database, so that one backup holds everything and several hosts need no shared disk. A file that the
law makes us keep (`is_kept`) can be neither changed nor deleted; the database refuses. Uploads pass an allow-list of
types, and a parser has to agree with the name. Files are always sent as attachments.
"""
