"""Backups that restore: what was saved is counted, and counted again when it is back."""
