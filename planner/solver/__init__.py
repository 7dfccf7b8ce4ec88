"""Timetable and batches to whole vehicles; the only place that knows an optimiser."""
