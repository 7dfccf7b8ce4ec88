"""What stands behind an option of the command line -> terms, with the same strictness as a cell of a file."""

from __future__ import annotations

from fractions import Fraction

from planner.model.problem import Network, Terms
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


def terms_of(
    network: Network,
    *,
    objective: str,
    currency: str,
    carrying_rate: Fraction,
    unplanned_price: Fraction | None,
) -> Terms:
    """Terms of the options; what is given in US dollars by default is converted at the network's rate."""
    if unplanned_price is None:
        unplanned_price = UNPLANNED_USD * network.usd_price
    return Terms(
        objective=objective,
        currency=currency,
        carrying_rate=carrying_rate,
        unplanned_price=unplanned_price,
    )
