"""How a plan came about, and the command that makes it again, from the record in its document."""

from __future__ import annotations

import shlex
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from planner.model.problem import BLEND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BATCHES = "batches.csv"
"""How the command calls the batch file: its name is not recorded, its hash is."""
KEPT = "kept.json"


def command_again(record: Mapping[str, Any]) -> str:
    """The call that makes the plan of a run record again, every term and option written out.

    A share or price that no decimal says exactly stands there as a fraction.
    """
    return shlex.join(("landbridge", "plan", BATCHES, *_options(record)))


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
    yield from ("--seed", str(options["seed"]))
    if options["slotValues"] is not None:
        yield from ("--slot-values", str(options["slotValues"]))


def _price(cents: str) -> str:
    """Whole currency units; the record has exact cents."""
    if "/" in cents:
        above, below = cents.split("/")
        return f"{above}/{int(below) * 100}"
    return f"{Decimal(cents).scaleb(-2):f}"
