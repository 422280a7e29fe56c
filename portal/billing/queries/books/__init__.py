"""What the reports of the books read: each a few statements that add up in the database, whatever the number of rows."""
