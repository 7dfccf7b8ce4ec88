"""All tolerances of the solver in one place, each with its reason."""

LP_FEASIBILITY = 1e-6
"""Units of room a relaxed solution may exceed before the leg becomes a row: GLOP's own primal tolerance."""
LP_ENOUGH = 1e-9
"""Relative distance of relaxed value and exact bound at which column generation ends: a hundredth of a cent
on ten million dollars."""
LP_ENOUGH_WHOLE = 1e-7
"""The same for the relaxation with whole boxes, whose prices only guide: a thousandth of the gap aimed at."""
WHOLE = 1e-6
"""Distance from a whole number within which a solver's integer counts as that integer; the plan is built from
the rounded numbers and checked in integers."""
