"""What a plan or a comparison is asked for: the options of the command line, by the same rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field

from planner.reading.cells import CellError, parse_currency, parse_date
from planner.reading.moments import parse_instant
from planner.reading.options import check_blend, parse_price, parse_share, terms_of
from service.problems import Fault
from service.schema import Asked

if TYPE_CHECKING:
    from planner.model.problem import Network, Terms

T = TypeVar("T")
Money = Annotated[
    str, Field(max_length=40, description="Decimal text in the currency of the plan.", examples=["20000"])
]
Switch = Annotated[str, Field(min_length=1, max_length=200)]


class WhatIf(Asked):
    """The same batches on a changed network."""

    close: list[Switch] = Field(
        default_factory=list,
        max_length=100,
        description="Shut from FIRST until LAST, the first open day.",
        examples=[["KHORGOS:2027-03-01..2027-03-15"]],
    )
    price: list[Switch] = Field(
        default_factory=list,
        max_length=100,
        description="Dearer or cheaper, a service or a mode.",
        examples=[["rail=+5%"]],
    )
    capacity: list[Switch] = Field(
        default_factory=list,
        max_length=100,
        description="So much room on every departure of a service.",
        examples=[["RAIL-PUT-HAM-FT=60"]],
    )

    def switches(self) -> list[tuple[str, str]]:
        """Each its kind and its text."""
        given = {"close": self.close, "price": self.price, "capacity": self.capacity}
        return [(kind, text) for kind, texts in given.items() for text in texts]


class TermsAsked(Asked):
    """What plans are to be best at, and in which money and times."""

    objective: Literal["cost", "time", "co2e", "blend"] = "cost"
    currency: Annotated[str, Field(max_length=3, description="ISO 4217.")] = "USD"
    carrying_rate: Annotated[
        str, Field(max_length=20, description="Price of capital on the way, a year.")
    ] = "8%"
    unplanned_price: Money | None = Field(
        None, description="What a vehicle left out counts; by default 20000 USD."
    )
    day_value: Money | None = Field(None, description="Price of a vehicle-day, under `blend`.")
    carbon_price: Money | None = Field(None, description="Price of a tonne of CO2e, under `blend`.")
    times: Literal["low", "typical", "high"] = "typical"
    today: Annotated[str, Field(max_length=10)] | None = Field(
        None, description="Use only what can still be booked and loaded on this day."
    )
    rates_date: Annotated[str, Field(max_length=10)] | None = Field(
        None, description="Convert at the rates of this day; by default the newest."
    )
    seed: int = Field(1, ge=0, le=2**31 - 1)
    what_if: WhatIf = Field(default_factory=WhatIf)
    language: Literal["en", "zh"] = Field("en", description="Language that the report opens in.")


@dataclass(frozen=True, slots=True)
class ReadTerms:
    """Terms once the network is read, and the day of its rates."""

    to_terms: Callable[[Network], Terms]
    currency: str
    rates_date: date | None


class TermsRefusedError(Exception):
    """Terms that can't be read, with every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.reason for fault in faults))
        self.faults = faults


def read_terms(asked: TermsAsked) -> ReadTerms:
    """Read the texts of terms by the rules of the command line.

    Raises
    ------
    TermsRefusedError
        With every fault.
    """
    reader = _Reader()
    reader.read(
        "/objective", asked.objective, lambda name: check_blend(name, asked.day_value, asked.carbon_price)
    )
    to_terms = partial(
        terms_of,
        objective=asked.objective,
        currency=reader.read("/currency", asked.currency, parse_currency) or "USD",
        carrying_rate=reader.read("/carryingRate", asked.carrying_rate, parse_share) or Fraction(0),
        unplanned_price=reader.read("/unplannedPrice", asked.unplanned_price, parse_price),
        day_value=reader.read("/dayValue", asked.day_value, parse_price),
        carbon_price=reader.read("/carbonPrice", asked.carbon_price, parse_price),
        times=asked.times,
        today=reader.read("/today", asked.today, parse_date),
    )
    rates_date = reader.read("/ratesDate", asked.rates_date, parse_date)
    reader.refuse()
    return ReadTerms(to_terms, asked.currency, rates_date)


def read_moment(pointer: str, text: str | None) -> int | None:
    """Minutes of a moment with its offset.

    Raises
    ------
    TermsRefusedError
        If it is none.
    """
    reader = _Reader()
    found = reader.read(pointer, text, parse_instant)
    reader.refuse()
    return found


class _Reader:
    """Reads texts one after another and remembers all faults."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def read(self, pointer: str, text: str | None, parse: Callable[[str], T]) -> T | None:
        if text is None:
            return None
        try:
            return parse(text)
        except CellError as error:
            self._faults.append(
                Fault(pointer=pointer, value=text, code=error.code, reason=error.reason, hint=error.hint)
            )
            return None

    def refuse(self) -> None:
        if self._faults:
            raise TermsRefusedError(self._faults)


def stored(asked: Asked) -> dict[str, Any]:
    """A request as it is stored, so that the same can be asked again."""
    return asked.model_dump(by_alias=True, mode="json")
