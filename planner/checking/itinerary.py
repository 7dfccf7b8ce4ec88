"""Rules of one itinerary: order, continuity, rides, roads, changes, dwell, money."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.checking.departures import CLOCK_YEARS, is_dispatched
from planner.clock import to_minutes
from planner.costing import PricingError
from planner.model.plans import DWELL, HANDLING, RIDE, ROAD_LEG
from planner.model.services import DELIVERY, ORIGIN, ROAD
from planner.model.vehicles import BOXED, LOOSE

if TYPE_CHECKING:
    from planner.checking.departures import Departures
    from planner.checking.rules import Findings
    from planner.costing import Costing
    from planner.model.batches import Batch
    from planner.model.plans import Itinerary, Stage
    from planner.model.problem import Problem
    from planner.model.services import Service

CLOCK_MINUTES = range(
    to_minutes(datetime(CLOCK_YEARS.start, 1, 1, tzinfo=UTC)),
    to_minutes(datetime(CLOCK_YEARS.stop, 1, 1, tzinfo=UTC)),
)


class ItineraryRules:
    """All rules that concern one itinerary alone; one instance serves a whole plan."""

    def __init__(
        self, problem: Problem, costing: Costing, departures: Departures, findings: Findings
    ) -> None:
        self._problem = problem
        self._costing = costing
        self._book = costing.book
        self._departures = departures
        self._findings = findings

    def apply(self, batch: Batch, itinerary: Itinerary, where: str) -> None:
        """Hold one itinerary of a batch against every rule; ``where`` names it in the findings."""
        stages = itinerary.stages
        if not self._is_readable(stages, where):
            return
        self._continuity(stages, where)
        self._ends(batch, stages, where)
        self._forms(batch, stages, where)
        self._places(stages, where)
        for number in range(2, len(stages), 3):
            if stages[number].kind == RIDE:
                self._ride(batch, stages[number], f"{where} stage {number}")
            else:
                self._road(stages[number], f"{where} stage {number}")
        self._changes(stages, where)
        self._dwells(stages, where)
        self._money(batch, itinerary, where)

    def _is_readable(self, stages: tuple[Stage, ...], where: str) -> bool:
        """Order of kinds, ids and times that the other rules rely on."""
        pattern = (HANDLING, DWELL, "leg")
        kinds = ["leg" if stage.kind in (RIDE, ROAD_LEG) else stage.kind for stage in stages]
        if len(stages) < 4 or kinds != [pattern[number % 3] for number in range(len(stages) // 3 * 3 + 1)]:
            self._findings.add("stage_order", where, f"stages are {', '.join(kinds) or 'none'}")
            return False
        readable = True
        for number, stage in enumerate(stages):
            if stage.start_min not in CLOCK_MINUTES or stage.end_min not in CLOCK_MINUTES:
                facts = f"stage {number} runs from {stage.start_min} to {stage.end_min}"
                self._findings.add("clock_range", where, facts)
                readable = False
            for place_id in (stage.from_place, stage.to_place):
                if place_id not in self._problem.network.places:
                    self._findings.add("place_continuity", where, f"stage {number}: no place {place_id!r}")
                    readable = False
            if stage.kind != RIDE and any(
                field is not None
                for field in (stage.service_id, stage.departure_day, stage.board_seq, stage.alight_seq)
            ):
                self._findings.add(
                    "stage_fields", where, f"stage {number} is {stage.kind} and names a service"
                )
        return readable

    def _continuity(self, stages: tuple[Stage, ...], where: str) -> None:
        expect_equal = self._findings.expect_equal
        for number, (before, stage) in enumerate(pairwise(stages), start=1):
            what = f"start of stage {number}"
            expect_equal("place_continuity", where, what, stated=stage.from_place, right=before.to_place)
            expect_equal("form_continuity", where, what, stated=stage.from_form, right=before.to_form)
            expect_equal("time_continuity", where, what, stated=stage.start_min, right=before.end_min)
        for number, stage in enumerate(stages):
            what = f"end of stage {number}"
            if stage.kind in (HANDLING, DWELL):
                expect_equal("place_continuity", where, what, stated=stage.to_place, right=stage.from_place)
            if stage.kind != HANDLING:
                expect_equal("form_continuity", where, what, stated=stage.to_form, right=stage.from_form)

    def _ends(self, batch: Batch, stages: tuple[Stage, ...], where: str) -> None:
        first, last = stages[0], stages[-1]
        expect_equal = self._findings.expect_equal
        expect_equal("origin", where, "first place", stated=first.from_place, right=batch.origin)
        expect_equal("destination", where, "last place", stated=last.to_place, right=batch.destination)
        expect_equal("ready", where, "start", stated=first.start_min, right=batch.ready_min)
        latest = self._problem.terms.latest_delivery_min(batch)
        if last.end_min > latest:
            self._findings.add("delivered_late", where, f"Delivered {last.end_min}, allowed until {latest}")

    def _forms(self, batch: Batch, stages: tuple[Stage, ...], where: str) -> None:
        vehicle_type = self._problem.vehicle_type_of(batch)
        first_form = vehicle_type.first_form
        expect_equal = self._findings.expect_equal
        expect_equal("outer_form", where, "form at origin", stated=stages[0].from_form, right=first_form)
        expect_equal("outer_form", where, "form at delivery", stated=stages[-1].to_form, right=first_form)
        possible = {LOOSE: vehicle_type.loose_allowed, BOXED: vehicle_type.vehicles_per_feu > 0}
        for form in sorted({form for stage in stages for form in (stage.from_form, stage.to_form)}):
            if not possible.get(form, False):
                self._findings.add("form_allowed", where, f"{vehicle_type.id} can't travel {form!r}")
        stuffings = sum((stage.from_form, stage.to_form) == (LOOSE, BOXED) for stage in stages)
        if stuffings > 1:
            self._findings.add("stuffed_once", where, f"stuffed {stuffings} times")

    def _places(self, stages: tuple[Stage, ...], where: str) -> None:
        places = [stages[0].from_place, *(leg.to_place for leg in stages[2::3])]
        for place_id, times in Counter(places).items():
            if times > 1:
                self._findings.add("place_repeated", where, f"{place_id} is met {times} times")

    def _ride(self, batch: Batch, ride: Stage, where: str) -> None:
        service = None
        if ride.service_id is not None:
            service = self._problem.network.services.get(ride.service_id)
        if service is None:
            self._findings.add("service_exists", where, f"no service {ride.service_id!r}")
            return
        self._findings.expect_equal("stage_mode", where, "mode", stated=ride.mode, right=service.mode)
        self._findings.expect_equal("service_form", where, "form", stated=ride.from_form, right=service.form)
        self._who_may_ride(batch, service, where)
        departs = None
        if ride.departure_day is not None:
            departs = self._departures.find_min(service.id, ride.departure_day)
        if departs is None:
            facts = f"{service.id} has no departure on {ride.departure_day}"
            self._findings.add("departure_exists", where, facts)
        self._calls(service, ride, departs, where)

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

    def _calls(self, service: Service, ride: Stage, departs: int | None, where: str) -> None:
        numbers = {call.seq: number for number, call in enumerate(service.calls)}
        board_number = None if ride.board_seq is None else numbers.get(ride.board_seq)
        alight_number = None if ride.alight_seq is None else numbers.get(ride.alight_seq)
        if board_number is None or alight_number is None or board_number >= alight_number:
            facts = f"{service.id} has no ride from call {ride.board_seq} to call {ride.alight_seq}"
            self._findings.add("ride_exists", where, facts)
            return
        board, alight = service.calls[board_number], service.calls[alight_number]
        expect_equal = self._findings.expect_equal
        expect_equal("ride_exists", where, "board place", stated=ride.from_place, right=board.place)
        expect_equal("ride_exists", where, "alight place", stated=ride.to_place, right=alight.place)
        if board.place == alight.place:
            self._findings.add("ride_exists", where, f"boards and alights at {board.place}")
        if not board.load:
            self._findings.add("load_allowed", where, f"no loading at call {board.seq} of {service.id}")
        if not alight.unload:
            self._findings.add("unload_allowed", where, f"no unloading at call {alight.seq} of {service.id}")
        if departs is not None:
            gate = departs + board.depart_min - board.cutoff_min
            free = departs + alight.arrive_min + alight.release_min
            expect_equal("gate_time", where, "gate", stated=ride.start_min, right=gate)
            expect_equal("free_time", where, "release", stated=ride.end_min, right=free)

    def _road(self, leg: Stage, where: str) -> None:
        self._findings.expect_equal("stage_mode", where, "mode", stated=leg.mode, right=ROAD)
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

    def _changes(self, stages: tuple[Stage, ...], where: str) -> None:
        """Handling before every leg and at delivery: the mode it leads to, its row, its hours."""
        modes = [ORIGIN, *(leg.mode for leg in stages[2::3]), DELIVERY]
        for number, (change, from_mode, to_mode) in enumerate(
            zip(stages[::3], modes, modes[1:], strict=False)
        ):
            at = f"{where} stage {3 * number}"
            self._findings.expect_equal("stage_mode", at, "mode", stated=change.mode, right=to_mode)
            try:
                row = self._book.get_handling(
                    change.from_place, from_mode, change.from_form, to_mode, change.to_form
                )
            except PricingError as error:
                self._findings.add("handling_row", at, str(error))
                continue
            done = change.start_min + row.handling_min
            self._findings.expect_equal("handling_time", at, "end", stated=change.end_min, right=done)

    def _dwells(self, stages: tuple[Stage, ...], where: str) -> None:
        for number in range(1, len(stages), 3):
            at = f"{where} stage {number}"
            change, dwell, leg = stages[number - 1 : number + 2]
            self._findings.expect_equal("stage_mode", at, "mode", stated=dwell.mode, right=leg.mode)
            if dwell.end_min < dwell.start_min:
                facts = f"handled at {dwell.start_min}, the gate closes at {dwell.end_min}"
                self._findings.add("gate_missed", at, facts)
            try:
                tiers = self._book.list_storage_tiers(dwell.from_place, dwell.from_form)
            except PricingError as error:
                self._findings.add("price_row", at, str(error))
                continue
            limits = [tier.max_dwell_min for tier in tiers if tier.max_dwell_min is not None]
            held = dwell.end_min - change.start_min
            if limits and held > min(limits):
                self._findings.add("max_dwell", at, f"held {held} minutes, allowed {min(limits)}")

    def _money(self, batch: Batch, itinerary: Itinerary, where: str) -> None:
        try:
            lines = self._costing.price(batch, itinerary.stages)
        except PricingError as error:
            self._findings.add("price_row", where, str(error))
            return
        stated = Counter((line.stage, line.kind, line.per, line.unit_cents) for line in itinerary.lines)
        right = Counter((line.stage, line.kind, line.per, line.unit_cents) for line in lines)
        for verb, surplus in (("is not due", stated - right), ("is missing", right - stated)):
            for (stage, kind, per, cents), times in sorted(surplus.items()):
                facts = f"stage {stage}: {kind} of {cents} cents per {per} {verb}"
                self._findings.add("cost_lines", where, facts + (f", {times} times" if times > 1 else ""))
