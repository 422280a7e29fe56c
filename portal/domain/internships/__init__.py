"""Rules of internships: the way of a posting, the timetable of a round."""
