"""What stands behind an option of the command line -> terms, with the same strictness as a cell of a file."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from planner.errors import InputError, Issue
from planner.model.problem import BLEND, CO2E, TYPICAL, Network, Terms
from planner.reading.cells import CellError, parse_decimal

UNPLANNED_USD = 20_000
"""What leaving out a vehicle of priority 0 counts where nothing else is said."""
MAX_PRICE = 1_000_000_000
"""Most money per vehicle, as in a batch file: sums over all vehicles still fit 64 bits."""


def parse_share(text: str) -> Fraction:
    """Share of 0 to 1 a year: ``8%`` or ``0.08``."""
    number = text.removesuffix("%").strip()
    share = parse_decimal(number) / (100 if text.endswith("%") else 1)
    if share > 1:
        hint = f"{number} per cent are written {number}%" if share <= 100 and text == number else ""
        raise CellError("is above 100 % a year", hint)
    return share


def parse_price(text: str) -> Fraction:
    """Exact cents of an amount in whole currency units."""
    price = parse_decimal(text)
    if price > MAX_PRICE:
        raise CellError(f"is above {MAX_PRICE}")
    return price * 100


def check_blend(objective: str, day_value: str | None, carbon_price: str | None) -> None:
    """Refuse prices of days and carbon without a blend, and a blend of neither."""
    given = {"--day-value": day_value, "--carbon-price": carbon_price}
    if objective == BLEND and not any(given.values()):
        raise CellError("has nothing to add to the cost", f"give {' or '.join(given)}, or both")
    for option, value in given.items():
        if objective != BLEND and value is not None:
            raise CellError(f"takes no {option}", f"{option} counts under --objective {BLEND} only")


def terms_of(
    network: Network,
    *,
    objective: str,
    currency: str,
    carrying_rate: Fraction,
    unplanned_price: Fraction | None,
    day_value: Fraction | None = None,
    carbon_price: Fraction | None = None,
    times: str = TYPICAL,
    today: date | None = None,
) -> Terms:
    """Terms of the options; what is given in US dollars by default is converted at the network's rate.

    Raises
    ------
    InputError
        If emissions are to count and the network does not know them.
    """
    if not network.emission_factors and (objective == CO2E or carbon_price):
        asked = f"--objective {CO2E}" if objective == CO2E else "--carbon-price"
        reason = f"the network has no emission factors, {asked} needs them"
        raise InputError([Issue(file="emission_factors.csv", reason=reason, hint="add rows to the table")])
    if unplanned_price is None:
        unplanned_price = UNPLANNED_USD * network.usd_price
    return Terms(
        objective=objective,
        currency=currency,
        carrying_rate=carrying_rate,
        unplanned_price=unplanned_price,
        day_value=day_value or Fraction(0),
        carbon_price=carbon_price or Fraction(0),
        times=times,
        today=today,
    )
