"""How a plan came about, and the command that makes it again, from the record in its document."""

from __future__ import annotations

import shlex
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from planner.model.alternatives import ALTERNATIVES
from planner.model.problem import BLEND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.model.alternatives import Alternative

BATCHES = "batches.csv"
"""How the command calls the batch file: its name is not recorded, its hash is."""
KEPT = "kept.json"


def command_again(record: Mapping[str, Any], compared: Sequence[Alternative] = ()) -> str:
    """The call that makes the plan of a run record again, every term and option written out.

    A share or price that no decimal says exactly stands there as a fraction.

    Parameters
    ----------
    compared
        Alternatives that were planned together, if the plan is of one of them.
    """
    command = ("compare", BATCHES, *_alternatives(compared)) if compared else ("plan", BATCHES)
    return shlex.join(("landbridge", *command, *_options(record)))


def _alternatives(compared: Sequence[Alternative]) -> Iterator[str]:
    for one in compared:
        if one in ALTERNATIVES:
            continue
        wishes = {
            "modes": one.modes,
            "not-modes": one.not_modes,
            "needs": one.needed_modes,
            "via": one.via,
            "not-via": one.not_via,
        }
        asked = ";".join(f"{key}={','.join(values)}" for key, values in wishes.items() if values)
        yield from ("--alternative", f"{one.name}={asked}")
    yield from ("--only", ",".join(one.name for one in compared))


def _options(record: Mapping[str, Any]) -> Iterator[str]:
    terms, options, inputs = record["terms"], record["options"], record["inputs"]
    yield from ("--objective", terms["objective"], "--currency", terms["currency"])
    yield from ("--carrying-rate", terms["carryingRate"])
    yield from ("--unplanned-price", _price(terms["unplannedPriceCents"]))
    if terms["objective"] == BLEND:
        yield from ("--day-value", _price(terms["dayValueCents"]))
        yield from ("--carbon-price", _price(terms["carbonPriceCents"]))
    yield from ("--times", terms["times"])
    for option, value in (("--today", terms["today"]), ("--rates-date", inputs["ratesDate"])):
        if value is not None:
            yield from (option, value)
    if inputs["keptPlanSha256"]:
        yield from ("--keep", KEPT)
    for switch in inputs["whatIf"]:
        kind, change = switch.split(" ", 1)
        yield from (f"--{kind}", change)
    yield from ("--seed", str(options["seed"]))
    if options["slotValues"] is not None:
        yield from ("--slot-values", str(options["slotValues"]))


def _price(cents: str) -> str:
    """Whole currency units; the record has exact cents."""
    if "/" in cents:
        above, below = cents.split("/")
        return f"{above}/{int(below) * 100}"
    return f"{Decimal(cents).scaleb(-2):f}"
