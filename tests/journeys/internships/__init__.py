"""A year of internships in chapters: what each page is asked to do, in the order in which people do it."""
