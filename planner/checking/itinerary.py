"""Rules of one itinerary: order, continuity, changes, dwell, money, emissions; its legs have their own."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.checking.departures import CLOCK_MINUTES
from planner.checking.legs import LegRules
from planner.checking.wishes import check_wishes
from planner.costing import HOURS_AFTER, HOURS_BEFORE, PricingError
from planner.model.plans import DWELL, HANDLING, RIDE, ROAD_LEG
from planner.model.services import DELIVERY, ORIGIN
from planner.model.vehicles import BOXED, LOOSE

if TYPE_CHECKING:
    from planner.checking.departures import Departures
    from planner.checking.rules import Findings
    from planner.costing import Costing
    from planner.model.batches import Batch
    from planner.model.plans import Itinerary, Stage
    from planner.model.problem import Problem


class ItineraryRules:
    """All rules that concern one itinerary alone; one instance serves a whole plan."""

    def __init__(
        self, problem: Problem, costing: Costing, departures: Departures, findings: Findings
    ) -> None:
        self._problem = problem
        self._costing = costing
        self._book = costing.book
        self._legs = LegRules(problem, costing.book, departures, findings)
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
                self._legs.ride(batch, stages[number], f"{where} stage {number}", booked=itinerary.booked)
            else:
                self._legs.road(stages[number], f"{where} stage {number}", booked=itinerary.booked)
        check_wishes(self._problem.network, batch, stages, where, self._findings)
        self._changes(batch, stages, where)
        self._dwells(stages, where)
        self._money(batch, itinerary, where)
        self._emissions(batch, itinerary, where)

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

    def _changes(self, batch: Batch, stages: tuple[Stage, ...], where: str) -> None:
        """Handling before every leg and at delivery: the mode it leads to, its row, its hours.

        The charges of the leg before it and of the leg after it add theirs.
        """
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
            if number > 0:
                done += self._costing.charge_min(batch, stages[3 * number - 1], HOURS_AFTER)
            if 3 * number + 2 < len(stages):
                done += self._costing.charge_min(batch, stages[3 * number + 2], HOURS_BEFORE)
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

    def _emissions(self, batch: Batch, itinerary: Itinerary, where: str) -> None:
        try:
            lines = self._costing.emissions(batch, itinerary.stages)
        except PricingError as error:
            self._findings.add("emission_row", where, str(error))
            return
        stated = Counter((line.stage, line.per, line.unit_grams) for line in itinerary.emissions)
        right = Counter((line.stage, line.per, line.unit_grams) for line in lines)
        for verb, surplus in (("is wrong", stated - right), ("is missing", right - stated)):
            for (stage, per, grams), times in sorted(surplus.items()):
                facts = f"stage {stage}: {grams} grams per {per} {verb}"
                self._findings.add("emission_lines", where, facts + (f", {times} times" if times > 1 else ""))
