"""Answers questions about single shipments, in a process of its own: networks and timetables are kept."""

from __future__ import annotations

import ctypes
import gc
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.ids import BatchId
from planner.model.problem import Problem, Terms
from planner.model.routes import RouteQuery
from planner.reading.codes import OUT_OF_RANGE
from planner.reading.names import Names
from planner.reading.route_json import CURRENCY, QUESTION, RouteAsked, read_route_json
from planner.reading.tables import read_network
from planner.render.route_document import route_document
from planner.route import RouteDesk, horizon_of
from planner.units import MINUTES_PER_DAY
from service.writing import json_bytes

if TYPE_CHECKING:
    from planner.model.problem import Network
    from service.routes.bounds import RouteBounds

STEP_DAYS = 61
"""Ready times of two such steps share a timetable."""
BACK_DAYS = 121
"""It begins so long before: the latest ready time is looked for 120 days before due."""
REACH_DAYS = 185
"""It goes so far beyond: 120 days to due, 60 days late, and some."""
MOST_NETWORKS = 4
"""Networks kept, each in one currency at the rates of one day."""
TIMETABLE_MB = 450
"""Room for one more timetable, and for what is kept beside it."""
LATE_DAYS = 61
"""Beyond the longest time to due: as late as may be."""
_MB = 1_000_000


class SlowError(Exception):
    """The search has taken as long as it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the search has taken {seconds:g} s and is not done")


class Deadline:
    """Ends a search that takes too long, between two of its steps.

    Parameters
    ----------
    seconds
        Of the processor: how long it may take, also where others keep the processor busy.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = float("inf")

    def start(self) -> None:
        """Count from now."""
        self._until = time.process_time() + self._seconds

    def stop(self) -> None:
        """Count no more."""
        self._until = float("inf")

    def check(self) -> None:
        """Go on, if there is time left.

        Raises
        ------
        SlowError
            If there is none.
        """
        if time.process_time() > self._until:
            raise SlowError(self._seconds)


class NetworkKey(NamedTuple):
    """Tables of a folder (``None`` = the shipped ones) in a currency, at the rates of a day."""

    folder: str | None
    currency: str
    rates_date: date | None


class Under(NamedTuple):
    """What a timetable is asked under."""

    network: NetworkKey
    carrying_rate: Fraction
    times: str
    today: date | None

    @classmethod
    def of(cls, network: NetworkKey, terms: Terms) -> Under:
        """As the terms say."""
        return cls(network, terms.carrying_rate, terms.times, terms.today)


class DeskKey(NamedTuple):
    """A timetable and what it is asked under."""

    under: Under
    first_min: int
    last_min: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that was read, and the desk that can answer it."""

    asked: RouteAsked
    desk: RouteDesk


class Clerk:
    """One question at a time.

    Parameters
    ----------
    bounds
        Of days, memory and time.
    """

    def __init__(self, bounds: RouteBounds) -> None:
        self._bounds = bounds
        self._deadline = Deadline(bounds.search_s)
        self._networks: OrderedDict[NetworkKey, Names] = OrderedDict()
        # Unusual terms, which anybody can think of, never push out what nearly all ask under.
        self._usual: OrderedDict[DeskKey, RouteDesk] = OrderedDict()
        self._others: OrderedDict[DeskKey, RouteDesk] = OrderedDict()
        self._process = psutil.Process()
        self._is_loaded = False

    def read(self, folder: str | None, question: object) -> Ready:
        """Read a question, and make ready what it needs: the timetable, and the search itself.

        Raises
        ------
        InputError
            With every fault of it.
        """
        keys: list[NetworkKey] = []

        def network_of(currency: str, rates_date: date | None) -> Network:
            key = NetworkKey(folder, currency, rates_date)
            network = self._network(key)
            keys.append(key)
            return network

        asked = read_route_json(question, network_of, lambda _: self._networks[keys[-1]])
        self._check_days(asked.query.shipment)
        under = Under.of(keys[-1], asked.terms)
        key = DeskKey(under, *horizon_of(asked.query, asked.terms))
        ready_min = asked.query.shipment.ready_min
        desk = self._desk(key, ready_min, asked.network, asked.terms)
        self._load(desk, asked.network, ready_min)
        return Ready(asked, desk)

    def answer(self, ready: Ready) -> bytes:
        """The route document.

        Raises
        ------
        SlowError
            If the search takes longer than it may.
        """
        asked, desk = ready.asked, ready.desk
        self._deadline.start()
        try:
            answer = desk.answer(asked.query, baseline=asked.baseline)
        finally:
            self._deadline.stop()
        shown = Problem(network=asked.network, batches=(asked.query.shipment,), terms=asked.terms)
        return json_bytes(route_document(shown, answer, book=desk.costing.book))

    def warm(self, folder: str | None, ready_min: int) -> None:
        """Make the timetable that those ask for who are ready then, and load the search."""
        terms = Terms()
        network_key = NetworkKey(folder, CURRENCY, None)
        network = self._network(network_key)
        key = DeskKey(Under.of(network_key, terms), ready_min, ready_min)
        self._load(self._desk(key, ready_min, network, terms), network, ready_min)

    def _load(self, desk: RouteDesk, network: Network, ready_min: int) -> None:
        """Load the compiled search, once: the time of a question is its own.

        After an installation it is compiled first, which takes longer than any question may.
        """
        if self._is_loaded:
            return
        self._is_loaded = True
        ends = {place.kind: place.id for place in network.places.values()}
        if "plant" in ends and "compound" in ends:
            batch = Batch(
                id=BatchId("warm"),
                shipper="",
                origin=ends["plant"],
                destination=ends["compound"],
                vehicle_type=next(iter(network.vehicle_types)),
                vehicles=1,
                ready_min=ready_min,
                due_min=ready_min + STEP_DAYS * MINUTES_PER_DAY,
            )
            if desk.routes(batch):
                desk.answer(RouteQuery(shipment=batch, has_due=False))

    # --- what is kept -----------------------------------------------------------------------------------

    def _check_days(self, shipment: Batch) -> None:
        days = self._bounds.most_days
        if shipment.due_min - shipment.ready_min > days * MINUTES_PER_DAY:
            reason = f"is more than {days} days after ready"
            hint = "a single question looks no farther; a plan does"
            raise InputError(
                [Issue(file=QUESTION, column="/due", reason=reason, hint=hint, code=OUT_OF_RANGE)]
            )

    def _window(self, key: DeskKey, ready_min: int) -> DeskKey:
        """The days of a kept timetable that holds those asked for, or of one that others can share.

        To make a timetable takes some seconds, nearly all of it by the day; so it is made for who is ready
        about the same time or somewhat later, whatever their due dates.
        """
        for kept in (*self._usual, *self._others):
            holds = kept.first_min <= key.first_min and key.last_min <= kept.last_min
            if holds and kept.under == key.under:
                return kept
        step = STEP_DAYS * MINUTES_PER_DAY
        start = ready_min // step * step
        reach_min = (2 * STEP_DAYS + REACH_DAYS) * MINUTES_PER_DAY
        if key.last_min > start + reach_min:
            reach_min = (STEP_DAYS + self._bounds.most_days + LATE_DAYS) * MINUTES_PER_DAY
        return key._replace(first_min=start - BACK_DAYS * MINUTES_PER_DAY, last_min=start + reach_min)

    def _network(self, key: NetworkKey) -> Network:
        if key in self._networks:
            self._networks.move_to_end(key)
        else:
            folder = None if key.folder is None else Path(key.folder)
            self._networks[key] = Names(read_network(folder, key.currency, key.rates_date))
            if len(self._networks) > MOST_NETWORKS:
                self._networks.popitem(last=False)
        return self._networks[key].network

    def _desk(self, asked: DeskKey, ready_min: int, network: Network, terms: Terms) -> RouteDesk:
        key = self._window(asked, ready_min)
        usual = Under.of(key.under.network._replace(currency=CURRENCY, rates_date=None), Terms())
        is_usual = key.under == usual
        kept, most = (self._usual, self._bounds.desks) if is_usual else (self._others, 1)
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        while len(kept) >= most:
            kept.popitem(last=False)
        self._make_room()
        alike = [desk for one, desk in kept.items() if one.under == key.under]
        kept[key] = RouteDesk(
            network,
            key.first_min,
            key.last_min,
            terms=terms,
            tick=self._deadline.check,
            most_labels=self._bounds.most_labels,
            out_of_time=alike[0].out_of_time if alike else None,
        )
        _give_back()
        return kept[key]

    def _make_room(self) -> None:
        """Forget timetables while there is no room for one more."""
        _give_back()
        most = (self._bounds.memory_mb - TIMETABLE_MB) * _MB
        for kept in (self._others, self._usual):
            while kept and self._process.memory_info().rss > most:
                kept.popitem(last=False)
                _give_back()


def _give_back() -> None:
    """Give freed memory back to the system, where its allocator can be told to."""
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
