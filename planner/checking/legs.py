"""Rules of one ride or road: who may use it, when it goes, what is shut, what today rules out."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from planner.checking.departures import is_dispatched
from planner.clock import local_minutes
from planner.costing import PricingError
from planner.model.services import ROAD

if TYPE_CHECKING:
    from planner.checking.departures import Departure, Departures
    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.ids import PlaceId
    from planner.model.plans import Stage
    from planner.model.problem import Problem
    from planner.model.services import Service
    from planner.pricebook import PriceBook


class LegRules:
    """Rules that concern one leg of an itinerary; its places are known and its times on the clock."""

    def __init__(self, problem: Problem, book: PriceBook, departures: Departures, findings: Findings) -> None:
        self._problem = problem
        self._book = book
        self._departures = departures
        self._findings = findings

    def ride(self, batch: Batch, ride: Stage, where: str, *, booked: bool) -> None:
        """Hold a ride against every rule; what is booked already may have departed."""
        service = None
        if ride.service_id is not None:
            service = self._problem.network.services.get(ride.service_id)
        if service is None:
            self._findings.add("service_exists", where, f"no service {ride.service_id!r}")
            return
        self._findings.expect_equal("stage_mode", where, "mode", stated=ride.mode, right=service.mode)
        self._findings.expect_equal("service_form", where, "form", stated=ride.from_form, right=service.form)
        self._who_may_ride(batch, service, where)
        departure = None
        if ride.departure_day is not None:
            departure = self._departures.find(service.id, ride.departure_day)
        if departure is None:
            facts = f"{service.id} has no departure on {ride.departure_day}"
            self._findings.add("departure_exists", where, facts)
        calls = self._calls(service, ride, where)
        if departure is not None and calls is not None:
            self._times(departure, ride, *calls, where)
            if not booked:
                self._today(departure, calls[0], where)

    def road(self, leg: Stage, where: str, *, booked: bool) -> None:
        """Hold a road against every rule."""
        self._findings.expect_equal("stage_mode", where, "mode", stated=leg.mode, right=ROAD)
        closures = self._departures.closures
        for place_id, minute in ((leg.from_place, leg.start_min), (leg.to_place, leg.end_min)):
            if closures.is_place_closed(place_id, minute, minute, ROAD):
                self._findings.add("closed", where, f"{place_id} is closed to roads at {minute}")
        now = self._now_min(leg.from_place)
        if not booked and now is not None and leg.start_min < now:
            self._findings.add("departed", where, f"the truck leaves at {leg.start_min}, today began {now}")
        try:
            road = self._book.get_road(leg.from_place, leg.to_place, leg.from_form)
        except PricingError as error:
            self._findings.add("road_exists", where, str(error))
            return
        time_zone = self._book.get_place(leg.from_place).time_zone
        if not is_dispatched(road, leg.start_min, time_zone):
            facts = f"{leg.start_min} is not on the grid of every {road.departs_every_min} minutes"
            self._findings.add("road_dispatch", where, facts)
        self._findings.expect_equal(
            "road_time", where, "arrival", stated=leg.end_min, right=leg.start_min + road.travel_min
        )

    def _who_may_ride(self, batch: Batch, service: Service, where: str) -> None:
        vehicle_type = self._problem.vehicle_type_of(batch)
        if not service.bookable:
            self._findings.add("bookable", where, f"{service.id} can't be booked")
        if service.shippers and batch.shipper not in service.shippers:
            self._findings.add("shipper", where, f"{service.id} is not for {batch.shipper!r}")
        if vehicle_type.is_dangerous and not service.accepts_dg:
            facts = f"{service.id} takes no UN {vehicle_type.un_number}"
            self._findings.add("dangerous_goods", where, facts)
        for what, size, limit in (
            ("height", vehicle_type.height_mm, service.max_height_mm),
            ("length", vehicle_type.length_mm, service.max_length_mm),
            ("mass", vehicle_type.mass_kg, service.max_mass_kg),
        ):
            if limit is not None and size > limit:
                self._findings.add("vehicle_size", where, f"{what} {size} is over {limit} of {service.id}")

    def _calls(self, service: Service, ride: Stage, where: str) -> tuple[int, int] | None:
        """Numbers of the calls where a ride boards and alights, if it is one."""
        calls = find_calls(service, ride)
        if calls is None:
            facts = f"{service.id} has no ride from call {ride.board_seq} to call {ride.alight_seq}"
            self._findings.add("ride_exists", where, facts)
            return None
        board, alight = (service.calls[number] for number in calls)
        expect_equal = self._findings.expect_equal
        expect_equal("ride_exists", where, "board place", stated=ride.from_place, right=board.place)
        expect_equal("ride_exists", where, "alight place", stated=ride.to_place, right=alight.place)
        if board.place == alight.place:
            self._findings.add("ride_exists", where, f"boards and alights at {board.place}")
        if not board.load:
            self._findings.add("load_allowed", where, f"no loading at call {board.seq} of {service.id}")
        if not alight.unload:
            self._findings.add("unload_allowed", where, f"no unloading at call {alight.seq} of {service.id}")
        return calls

    def _times(self, departure: Departure, ride: Stage, board: int, alight: int, where: str) -> None:
        calls = departure.service.calls
        gate = departure.departs_min(board) - calls[board].cutoff_min
        free = departure.arrives_min(alight, self._problem.terms.times) + calls[alight].release_min
        self._findings.expect_equal("gate_time", where, "gate", stated=ride.start_min, right=gate)
        self._findings.expect_equal("free_time", where, "release", stated=ride.end_min, right=free)
        for place_id in self._departures.list_shut(departure, board, alight):
            self._findings.add("closed", where, f"{place_id} is closed to {departure.service.id} then")

    def _today(self, departure: Departure, board: int, where: str) -> None:
        service = departure.service
        now = self._now_min(service.calls[0].place)
        if now is not None and service.book_by_min is not None:
            book_by = departure.departs_min() - service.book_by_min
            if book_by < now:
                self._findings.add("book_by", where, f"bookings closed at {book_by}, today began at {now}")
        now = self._now_min(service.calls[board].place)
        gate = departure.departs_min(board) - service.calls[board].cutoff_min
        if now is not None and gate < now:
            self._findings.add("departed", where, f"the gate closed at {gate}, today began at {now}")

    def _now_min(self, place_id: PlaceId) -> int | None:
        """Start of today on the clock of a place; ``None`` if no day is named."""
        today = self._problem.terms.today
        if today is None:
            return None
        return local_minutes(today, time(0), self._book.get_place(place_id).time_zone)


def find_calls(service: Service, ride: Stage) -> tuple[int, int] | None:
    """Numbers (0 = first) of the calls where a ride boards and alights; ``None`` if that is no ride."""
    numbers = {call.seq: number for number, call in enumerate(service.calls)}
    board = None if ride.board_seq is None else numbers.get(ride.board_seq)
    alight = None if ride.alight_seq is None else numbers.get(ride.alight_seq)
    if board is None or alight is None or board >= alight:
        return None
    return board, alight
