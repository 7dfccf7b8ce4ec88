"""Switches of what-if as text: ``KHORGOS:2026-03-01..2026-03-15``, ``TRAIN=-10%``, ``TRAIN=60``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.errors import InputError, Issue
from planner.model.ids import ServiceId
from planner.model.services import MODES
from planner.reading.cells import CellError, parse_date, parse_decimal, parse_hundredths, parse_integer
from planner.reading.names import Names
from planner.what_if import Change, Close, Reprice, Resize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from planner.model.problem import Network

CLOSE, PRICE, CAPACITY = "close", "price", "capacity"
MOST_RISE = 10
"""Prices more than so many times dearer are typing errors."""


def read_changes(network: Network, switches: Iterable[tuple[str, str]]) -> tuple[Change, ...]:
    """Changes of a network from switches, each its kind and its text, in their order.

    Raises
    ------
    InputError
        With every fault of every switch.
    """
    names = Names(network)
    readers: dict[str, Callable[[str, Names], Change]] = {
        CLOSE: _read_close,
        PRICE: _read_price,
        CAPACITY: _read_capacity,
    }
    changes: list[Change] = []
    issues: list[Issue] = []
    for kind, text in switches:
        if kind not in readers:
            hint = f"there are {', '.join(readers)}"
            issues.append(
                Issue(file="what if", value=f"{kind} {text}", reason="is no switch known here", hint=hint)
            )
            continue
        try:
            changes.append(readers[kind](text, names))
        except CellError as error:
            issues.append(Issue(file=f"--{kind}", value=text, reason=error.reason, hint=error.hint))
    if issues:
        raise InputError(issues)
    return tuple(changes)


def _read_close(text: str, names: Names) -> Close:
    what, colon, days = text.rpartition(":")
    first, dots, last = days.partition("..")
    if not colon or not dots:
        raise CellError("is no place and days", "write PLACE:FIRST..LAST, LAST being the first open day")
    shut = Close(what=_place_or_service(what, names), first=_day(first), last=_day(last))
    if shut.last <= shut.first:
        raise CellError(f"{shut.last} is not after {shut.first}", "the second day is the first open one")
    return shut


def _place_or_service(text: str, names: Names) -> str:
    try:
        found = names.parse_banned(text)
    except CellError as error:
        hint = "" if error.hint.startswith("countries") else error.hint
        raise CellError(f"{text!r} is no place and no service", hint) from None
    if found not in names.network.places and found not in names.network.services:
        raise CellError(f"{text!r} is a country", "close its places one by one")
    return found


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except CellError as error:
        raise CellError(f"{text!r} {error.reason}", error.hint) from None


def _read_price(text: str, names: Names) -> Reprice:
    what, equals, rise = text.rpartition("=")
    if not equals or not rise.endswith("%"):
        raise CellError("is no service and change", "write SERVICE=-10% or, for all of a mode, rail=+5%")
    number = rise.removesuffix("%").removeprefix("+").removeprefix("-")
    try:
        share = parse_decimal(number) / 100
    except CellError as error:
        raise CellError(f"{rise!r} {error.reason}", error.hint) from None
    factor = 1 - share if rise.startswith("-") else 1 + share
    if factor < 0 or factor > MOST_RISE:
        raise CellError(f"{rise} leaves no price between 0 and {MOST_RISE} times today's")
    services = names.network.services
    if what in MODES and what not in services:
        of_mode = tuple(name for name, one in services.items() if one.mode == what and one.bookable)
        return Reprice(services=of_mode, factor=Fraction(factor))
    return Reprice(services=(_service(what, names),), factor=Fraction(factor))


def _read_capacity(text: str, names: Names) -> Resize:
    what, equals, units = text.rpartition("=")
    if not equals:
        raise CellError("is no service and room", "write SERVICE=UNITS")
    service = _service(what, names)
    unit = names.network.services[service].capacity_unit
    try:
        room = parse_hundredths(units) if unit in ("ceu", "cbm") else parse_integer(units)
    except CellError as error:
        raise CellError(
            f"{units!r} {error.reason}", error.hint or f"room of {service} is in {unit}"
        ) from None
    return Resize(service=service, capacity=room)


def _service(text: str, names: Names) -> ServiceId:
    found = ServiceId(_place_or_service(text, names))
    if found not in names.network.services:
        raise CellError(f"{text!r} is a place, no service")
    return found
