"""Model to dated departures to timetable arrays, and back to stages."""
