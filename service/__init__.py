"""HTTP over the planner: batches in at night, plans out in the morning, nothing lost or doubled between."""
