"""A choice in whole vehicles -> the plan that people and machines read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.costing import Costing, charges_of_parts, share_departure
from planner.model.batches import Batch
from planner.model.ids import BatchId, ServiceId
from planner.model.plans import (
    Baseline,
    BatchPlan,
    BoxRun,
    Charter,
    DayUse,
    DepartureShare,
    Itinerary,
    LegUse,
    Plan,
    Stage,
    Unplanned,
)
from planner.model.problem import BLEND, CO2E, TIME, Problem
from planner.model.vehicles import BOXED
from planner.network.kept import kept_load
from planner.network.read_back import read_stages
from planner.network.timetable import NO_LIMIT, Ints, Timetable
from planner.solver.choice import Choice
from planner.solver.room import Room
from planner.units import ceil_div


def at_prices_of_today(problem: Problem) -> Problem:
    """Problem whose kept itineraries are booked and cost what they cost by its tables.

    Vehicles share boxes only where a box costs them the same: what kept itineraries take of rows, and what
    the plan says of it, must go by the same prices.

    Raises
    ------
    PricingError
        If a price of a kept itinerary is not in the tables any more.
    """
    costing = Costing(problem)

    def priced(batch: Batch, itinerary: Itinerary) -> Itinerary:
        return replace(
            itinerary,
            lines=costing.price(batch, itinerary.stages),
            emissions=costing.emissions(batch, itinerary.stages),
            booked=True,
        )

    kept = {
        batch.id: tuple(priced(batch, itinerary) for itinerary in problem.kept[batch.id])
        for batch in problem.batches
        if batch.id in problem.kept
    }
    return replace(problem, kept=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the solver says besides the choice.

    Parameters
    ----------
    row_values
        Indicative value of one more whole unit of room by row, in the unit of the objective, int64[M].
    lp_bound, bound
        Bounds on what is planned; kept itineraries are not in them.
    unplanned
        By batch number, for every batch that leaves vehicles out.
    baselines
        One per batch.
    """

    row_values: Ints
    lp_bound: int | None
    bound: int | None
    unplanned: dict[int, Unplanned]
    baselines: list[Baseline]


def assemble(
    problem: Problem, room: Room, choice: Choice, findings: Findings, costing: Costing | None = None
) -> Plan:
    """Write out a choice, and what is kept (at the prices of :func:`at_prices_of_today`), as a plan.

    Parameters
    ----------
    costing
        Of the problem, where there is one already: to index the tables takes a while.
    """
    costing = costing or Costing(problem)
    timetable = room.timetable
    load = room.total_load(choice.load(room))
    used = (load != 0).nonzero()[0].tolist()
    charters, shares = _charters(problem, room, choice, load)
    batches = []
    kept_value = blend_cents = vehicle_min = 0
    for number, batch in enumerate(problem.batches):
        kept = list(problem.kept.get(batch.id, ()))
        itineraries = [*kept, *_chosen(costing, problem, timetable, choice, number)]
        plan = _batch_plan(problem, batch, itineraries)
        blend = _blend_cents(costing, problem, batch, plan)
        minutes = sum(i.vehicles * (i.delivered_min - batch.ready_min) for i in itineraries)
        batches.append(
            replace(
                plan,
                shares=tuple(shares.get(batch.id, ())),
                unplanned=findings.unplanned.get(number),
                baseline=findings.baselines[number],
            )
        )
        vehicle_min, blend_cents = vehicle_min + minutes, blend_cents + blend
        if kept:
            kept_plan = _batch_plan(problem, batch, kept)
            kept_minutes = sum(i.vehicles * (i.delivered_min - batch.ready_min) for i in kept)
            kept_blend = _blend_cents(costing, problem, batch, kept_plan)
            kept_value += _own(problem, kept_plan.cents, kept_minutes, kept_plan.grams, kept_blend)
    cents, grams = sum(batch.cents for batch in batches), sum(batch.grams for batch in batches)
    penalty = sum(
        choice.left_out(number) * problem.terms.unplanned_cost(batch)
        for number, batch in enumerate(problem.batches)
    )
    return Plan(
        objective=problem.terms.objective,
        currency=problem.terms.currency,
        batches=tuple(batches),
        departures=tuple(_leg_uses(room, load, used, findings.row_values)),
        days=tuple(_day_uses(room, load, used, findings.row_values)),
        charters=tuple(charters),
        cents=cents,
        vehicle_min=vehicle_min,
        grams=grams if problem.network.emission_factors else None,
        blend_cents=blend_cents,
        penalty=penalty,
        value=_own(problem, cents, vehicle_min, grams, blend_cents) + penalty,
        lp_bound=None if findings.lp_bound is None else findings.lp_bound + kept_value,
        bound=None if findings.bound is None else findings.bound + kept_value,
    )


def _own(problem: Problem, cents: int, vehicle_min: int, grams: int, blend_cents: int) -> int:
    """What the objective counts of vehicles that ride."""
    by_objective = {TIME: vehicle_min, CO2E: grams, BLEND: cents + blend_cents}
    return by_objective.get(problem.terms.objective, cents)


def _chosen(
    costing: Costing, problem: Problem, timetable: Timetable, choice: Choice, number: int
) -> list[Itinerary]:
    batch = problem.batches[number]
    itineraries = []
    for column, vehicles in sorted(choice.rides[number].items(), key=lambda r: (r[0].minutes, r[0].arcs)):
        stages = read_stages(problem, timetable, batch, column.arcs)
        itineraries.append(
            Itinerary(
                part=1,
                vehicles=vehicles,
                stages=stages,
                lines=costing.price(batch, stages),
                emissions=costing.emissions(batch, stages),
            )
        )
    return itineraries


def _batch_plan(problem: Problem, batch: Batch, itineraries: list[Itinerary]) -> BatchPlan:
    """Number parts and boxed runs in order of appearance."""
    size = max(1, problem.vehicle_type_of(batch).vehicles_per_feu)
    parts: dict[tuple[object, ...], int] = {}
    runs: dict[tuple[object, ...], int] = {}
    numbered, riders = [], []
    for itinerary in itineraries:
        chain = tuple(map(_name_of, itinerary.chain))
        boxed = [leg for leg in itinerary.stages[2::3] if leg.from_form == BOXED]
        run = None
        if boxed:
            names = tuple(map(_name_of, boxed))
            # What is booked stays in the boxes it was booked in.
            key = (boxed[0].from_place, names, itinerary.box_cents, itinerary.booked, itinerary.box_run)
            run = runs.setdefault(key, len(runs))
        numbered.append(replace(itinerary, part=parts.setdefault(chain, len(parts) + 1), box_run=run))
        riders.append(run)
    box_runs = []
    for run in range(len(runs)):
        vehicles = sum(i.vehicles for i in numbered if i.box_run == run)
        first = numbered[riders.index(run)]
        box_runs.append(
            BoxRun(
                vehicles=vehicles,
                boxes=ceil_div(vehicles, size),
                box_cents=first.box_cents,
                box_grams=first.box_grams,
            )
        )
    return BatchPlan(
        batch_id=batch.id,
        itineraries=tuple(numbered),
        box_runs=tuple(box_runs),
        part_charges=charges_of_parts(numbered),
    )


def _name_of(leg: Stage) -> tuple[object, ...]:
    """What makes a ride or a road dispatch the same one."""
    if leg.service_id is None:
        return leg.from_place, leg.to_place, leg.start_min
    return leg.service_id, leg.departure_day, leg.board_seq, leg.alight_seq


def _blend_cents(costing: Costing, problem: Problem, batch: Batch, plan: BatchPlan) -> int:
    if problem.terms.objective != BLEND:
        return 0
    total = 0
    for itinerary in plan.itineraries:
        stages, emissions = itinerary.stages, itinerary.emissions
        total += itinerary.vehicles * costing.blend_cents_per_vehicle(batch, stages, emissions)
    for number, run in enumerate(plan.box_runs):
        first = next(i for i in plan.itineraries if i.box_run == number)
        total += run.boxes * costing.blend_cents_per_box(first.emissions)
    return total


def _charters(
    problem: Problem, room: Room, choice: Choice, total: Ints
) -> tuple[list[Charter], dict[BatchId, list[DepartureShare]]]:
    """Chartered departures that are used, and what each batch pays of them."""
    used = [charter for charter in room.charters if total[charter.boarded_row]]
    if not used:
        return [], {}
    boarded: dict[BatchId, Ints] = {}
    for number, batch in enumerate(problem.batches):
        boarded[batch.id] = kept_load(problem, room.timetable, [batch])
        choice.add_load(boarded[batch.id], number)
    charters = []
    shares: dict[BatchId, list[DepartureShare]] = {}
    for charter in used:
        departure = room.timetable.departures[charter.departure]
        modules = charter.modules_for(total)
        service_id, row = ServiceId(departure.service.id), charter.boarded_row
        by_kind = {"departure": charter.departure_cents, "module": modules * charter.module_cents}
        riders = {batch: int(load[row]) for batch, load in boarded.items() if load[row]}
        for kind, cents in by_kind.items():
            for batch_id, part in share_departure(cents, riders).items():
                if not part:  # of nothing, or of less cents than batches
                    continue
                share = DepartureShare(
                    service_id=service_id, departure_day=departure.day, kind=kind, cents=part
                )
                shares.setdefault(batch_id, []).append(share)
        charters.append(
            Charter(
                service_id=service_id,
                departure_day=departure.day,
                modules=modules,
                boarded=int(total[row]),
                departure_cents=by_kind["departure"],
                module_cents=by_kind["module"],
            )
        )
    for of_batch in shares.values():
        of_batch.sort(key=lambda share: (share.service_id, share.departure_day, share.kind))
    return sorted(charters, key=lambda one: (one.service_id, one.departure_day)), shares


def _leg_uses(room: Room, load: Ints, used: Sequence[int], row_values: Ints) -> list[LegUse]:
    timetable = room.timetable
    capacity = timetable.arrays["row_capacity"]
    uses = []
    for leg in used:
        if leg >= timetable.num_legs or capacity[leg] >= NO_LIMIT:
            continue
        number = timetable.leg_departure[leg]
        departure = timetable.departures[number]
        call = leg - timetable.departure_first_leg[number]
        calls = departure.service.calls
        uses.append(
            LegUse(
                service_id=ServiceId(departure.service.id),
                departure_day=departure.day,
                leg=call,
                from_place=calls[call].place,
                to_place=calls[call + 1].place,
                depart_min=departure.departs_min(call),
                used=int(load[leg]),
                capacity=int(capacity[leg]),
                unit_value_cents=int(row_values[leg]),
            )
        )
    return sorted(uses, key=lambda use: (use.service_id, use.departure_day, use.leg))


def _day_uses(room: Room, load: Ints, used: Sequence[int], row_values: Ints) -> list[DayUse]:
    timetable = room.timetable
    uses = [
        DayUse(
            from_place=day.from_place,
            to_place=day.to_place,
            form=day.form,
            day=day.day,
            used=int(load[row]),
            capacity=int(timetable.arrays["row_capacity"][row]),
            unit_value_cents=int(row_values[row]),
        )
        for row, day in ((row, timetable.day_rows.get(row)) for row in used)
        if day is not None
    ]
    return sorted(uses, key=lambda use: (use.from_place, use.to_place, use.form, use.day))
