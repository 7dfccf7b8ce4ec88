"""The register of planted faults: which world, what plants it, which rules have to be found."""

from __future__ import annotations

from tests.planted import priced, totalled

FAULTS = {}
"""Planted faults by name: the world, what plants the fault, and the rules that have to be found."""


def fault(*rules, price=False, as_is=False, world="first"):
    """Register a planted fault: exactly these rules have to be found once the totals agree again.

    The function takes the correct problem and plan and gives them back with one fault; its name says
    which. With ``price`` the cost lines follow the changed stages or tables too, so that money hides
    nothing; with ``as_is`` even the totals stay as planted.
    """

    def register(plant):
        def planted(problem, plan):
            problem, plan = plant(problem, plan)
            if price:
                plan = priced(problem, plan)
            return problem, plan if as_is else totalled(problem, plan)

        assert plant.__name__ not in FAULTS
        FAULTS[plant.__name__] = world, planted, set(rules)
        return plant

    return register
