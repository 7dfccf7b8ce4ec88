"""Duties on import: reported beside the cost of a plan, no part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty on vehicles delivered in some countries.

    Of duties of one name one is paid: a row that names the shipper beats one for all, then the longer
    ``hs_code`` beats the shorter.

    Parameters
    ----------
    name
        Such as ``customs`` or ``countervailing``.
    countries
        Codes of two letters: where the destination lies.
    hs_code
        Start of the codes of the Harmonized System that it is on.
    shippers
        For whose vehicles; empty = everybody's.
    rate
        Share of the cargo value.
    minimum
        Least exact cents per vehicle; ``None`` = none.
    first_date, last_date
        First and last local day of delivery, both included; ``None`` = no limit.
    """

    name: str
    countries: tuple[str, ...]
    hs_code: str
    shippers: tuple[str, ...] = ()
    rate: Fraction
    minimum: Fraction | None = None
    first_date: date | None = None
    last_date: date | None = None
    source: str = ""

    @property
    def rank(self) -> tuple[bool, int]:
        """The greater of two duties of one name holds."""
        return bool(self.shippers), len(self.hs_code)
