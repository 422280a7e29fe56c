"""What the homes read: a few wide statements each, whatever the number of rows."""
