"""A question about one shipment in JSON: the options of ``landbridge route`` by the keys of a batch file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from planner.errors import InputError, Issue
from planner.model.problem import TIMES, TYPICAL, Network, Terms
from planner.model.routes import ROUTE_OBJECTIVES, RouteQuery
from planner.reading.batch_columns import COLUMN_OF
from planner.reading.cells import CellError, parse_currency, parse_date
from planner.reading.codes import CONTRADICTION, MISSING, NOT_A_CHOICE, OUT_OF_RANGE, TOO_LONG, WRONG_TYPE
from planner.reading.intake_log import IntakeLog
from planner.reading.json_nodes import join
from planner.reading.names import Names
from planner.reading.options import parse_share, terms_of
from planner.reading.shipment import read_item

T = TypeVar("T")

QUESTION = "question"
"""How faults call the whole of it."""
CURRENCY = "USD"
CARRYING_RATE = "8%"
MOST_ALTERNATIVES = 20
MOST_ROUTES = 100
SHIPMENT_COLUMNS = (
    *("origin", "destination", "vehicle_type", "vehicles", "ready", "due", "early_price", "late_price"),
    *("modes", "not_modes", "via", "not_via", "shipper", "value_per_vehicle"),
)
SHIPMENT_KEYS: Mapping[str, str] = MappingProxyType(
    {COLUMN_OF[column].key: column for column in SHIPMENT_COLUMNS}
)
"""Column of a batch file that a key is of."""
OWN_KEYS = (
    *("alternatives", "objective", "limit", "latestReady", "baseline"),
    *("currency", "carryingRate", "times", "today", "ratesDate"),
)
"""Keys of what is asked beside the shipment."""
NETWORK_KEY = "networkId"
"""Key of the network that is asked about; which one it names is known elsewhere."""
MOST_OF_AN_ID = 40

NetworkOf = Callable[[str, date | None], Network]
"""The tables in a currency, at the rates of a day (``None`` = the newest)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAsked:
    """A question that can be answered.

    Parameters
    ----------
    baseline
        Whether the baseline is wanted.
    """

    network: Network
    terms: Terms
    query: RouteQuery
    baseline: bool = True


def read_route_json(
    question: object, network_of: NetworkOf, names_of: Callable[[Network], Names] = Names
) -> RouteAsked:
    """Read a question: parsed JSON.

    Parameters
    ----------
    names_of
        The names of such tables, for whoever reads many questions: to index them takes a while.

    Raises
    ------
    InputError
        With every fault; its column is a JSON pointer.
    """
    if not isinstance(question, dict):
        raise InputError([Issue(file=QUESTION, column="/", reason="is not an object", code=WRONG_TYPE)])
    own = (*OWN_KEYS, NETWORK_KEY)
    options = _Options({key: value for key, value in question.items() if key in own})
    options.text(NETWORK_KEY, None, _parse_id)
    currency = options.text("currency", CURRENCY, parse_currency)
    rate = options.text("carryingRate", CARRYING_RATE, parse_share)
    today = options.text("today", None, parse_date)
    rates_date = options.text("ratesDate", None, parse_date)
    times = options.choice("times", TIMES, TYPICAL)
    objective = options.choice("objective", ROUTE_OBJECTIVES, ROUTE_OBJECTIVES[0])
    alternatives = options.whole("alternatives", 0, least=0, most=MOST_ALTERNATIVES)
    limit = options.whole("limit", None, least=1, most=MOST_ROUTES)
    latest_ready = options.flag("latestReady")
    baseline = options.flag("baseline")
    network = options.network(network_of, currency, rates_date)
    given = {key: value for key, value in question.items() if key not in own and value is not None}
    _check_prices(options, given)
    log = IntakeLog(QUESTION)
    batch = read_item(names_of(network), log, given, SHIPMENT_KEYS)
    issues = [*options.issues, *log.issues]
    if batch is None or issues:
        raise InputError(issues)
    terms = terms_of(
        network,
        objective="cost",
        currency=currency or CURRENCY,
        carrying_rate=rate if rate is not None else Fraction(0),
        unplanned_price=None,
        times=times,
        today=today,
    )
    query = RouteQuery(
        shipment=batch,
        has_due="due" in given,
        alternatives=alternatives or 0,
        objective=objective,
        latest_ready=latest_ready,
        limit=limit,
    )
    return RouteAsked(network=network, terms=terms, query=query, baseline=baseline)


def _parse_id(text: str) -> str:
    if not 0 < len(text) <= MOST_OF_AN_ID:
        raise CellError(f"has no 1 to {MOST_OF_AN_ID} characters", code=TOO_LONG)
    return text


def _check_prices(options: _Options, given: Mapping[str, object]) -> None:
    for key in ("earlyPrice", "latePrice"):
        if key in given and "due" not in given:
            options.refuse(key, "needs due", "give a due date, too", code=CONTRADICTION)


class _Options:
    """Reads what is asked beside the shipment, and remembers all faults."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self.issues: list[Issue] = []

    def refuse(self, key: str, reason: str, hint: str = "", *, code: str) -> None:
        value = self._values.get(key)
        shown = None if value is None or isinstance(value, dict | list) else str(value)[:80]
        pointer = join("", key)
        self.issues.append(
            Issue(file=QUESTION, column=pointer, value=shown, reason=reason, hint=hint, code=code)
        )

    def text(self, key: str, default: str | None, parse: Callable[[str], T]) -> T | None:
        """What a text says; ``None`` if it is not there and has no default, or is at fault."""
        value = self._values.get(key)
        text = default if value is None else value
        if text is None:
            return None
        if not isinstance(text, str):
            self.refuse(key, "is not a text", code=WRONG_TYPE)
            return None
        try:
            return parse(text)
        except CellError as fault:
            self.refuse(key, fault.reason, fault.hint, code=fault.code)
            return None

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self._values.get(key)
        if value is None or value in choices:
            return default if value is None else str(value)
        self.refuse(key, f"is not one of {', '.join(choices)}", code=NOT_A_CHOICE)
        return default

    def whole(self, key: str, default: int | None, *, least: int, most: int) -> int | None:
        value = self._values.get(key)
        # `type` and not `isinstance`: true is an int to Python, but no number to us.
        if value is None or type(value) is int:
            if value is not None and not least <= value <= most:
                self.refuse(key, f"is not between {least} and {most}", code=OUT_OF_RANGE)
            return default if value is None else value
        self.refuse(key, "is not a whole number", code=WRONG_TYPE)
        return default

    def flag(self, key: str) -> bool:
        value = self._values.get(key)
        if value is None or isinstance(value, bool):
            return value is not False
        self.refuse(key, "is not true or false", code=WRONG_TYPE)
        return True

    def network(self, network_of: NetworkOf, currency: str | None, rates_date: date | None) -> Network:
        """The tables; those in the usual currency where there are none in the one asked for."""
        try:
            return network_of(currency or CURRENCY, rates_date)
        except InputError as error:
            if {issue.column for issue in error.issues} == {"currency"}:
                self.refuse("currency", "has no rate in the network", code=MISSING)
            elif {issue.column for issue in error.issues} == {"date"}:
                self.refuse("ratesDate", "lies before some rate of the network begins", code=OUT_OF_RANGE)
            else:
                raise
        return network_of(CURRENCY, None)
