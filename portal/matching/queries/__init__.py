"""Reads of matching; each takes the person who asks where visibility matters."""
