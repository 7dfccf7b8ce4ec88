"""A choice in whole vehicles -> the plan that people and machines read."""

from __future__ import annotations

from planner.costing import Costing
from planner.model.ids import ServiceId
from planner.model.plans import Baseline, BatchPlan, BoxRun, Itinerary, LegUse, Plan, Unplanned
from planner.model.problem import TIME, Problem
from planner.network.read_back import read_stages
from planner.network.timetable import NO_LIMIT, Ints, Timetable
from planner.solver.choice import Choice
from planner.solver.columns import RunKey


def assemble(
    problem: Problem,
    timetable: Timetable,
    choice: Choice,
    *,
    leg_values: Ints,
    lp_bound: int | None,
    bound: int | None,
    unplanned: dict[int, Unplanned],
    baselines: list[Baseline],
) -> Plan:
    """Write out a choice as a plan.

    Parameters
    ----------
    leg_values
        Indicative value of one more whole unit of room by leg, in cents or minutes, int64[L].
    unplanned
        By batch number, for every batch that leaves vehicles out.
    baselines
        One per batch.
    """
    costing = Costing(problem)
    batches = [
        _batch_plan(problem, timetable, costing, choice, number, unplanned.get(number), baselines[number])
        for number in range(len(problem.batches))
    ]
    cents = sum(batch.cents for batch in batches)
    vehicle_min = sum(choice.minutes(number) for number in range(len(batches)))
    penalty = sum(
        choice.left_out(number) * problem.terms.unplanned_cost(batch)
        for number, batch in enumerate(problem.batches)
    )
    own = vehicle_min if problem.terms.objective == TIME else cents
    return Plan(
        objective=problem.terms.objective,
        currency=problem.terms.currency,
        batches=tuple(batches),
        departures=tuple(_leg_uses(timetable, choice, leg_values)),
        cents=cents,
        vehicle_min=vehicle_min,
        penalty=penalty,
        value=own + penalty,
        lp_bound=lp_bound,
        bound=bound,
    )


def _batch_plan(
    problem: Problem,
    timetable: Timetable,
    costing: Costing,
    choice: Choice,
    number: int,
    unplanned: Unplanned | None,
    baseline: Baseline,
) -> BatchPlan:
    batch = problem.batches[number]
    vehicles, boxes = choice.box_runs(number), choice.boxes(number)
    box_cents = {column.run: column.box_cents for column in choice.rides[number] if column.run is not None}
    run_number: dict[RunKey, int] = {}
    part_number: dict[tuple[object, ...], int] = {}
    itineraries = []
    ordered = sorted(choice.rides[number].items(), key=lambda ride: (ride[0].minutes, ride[0].arcs))
    for column, amount in ordered:
        stages = read_stages(problem, timetable, batch, column.arcs)
        chain = tuple(
            (stage.service_id, stage.departure_day, stage.board_seq, stage.alight_seq)
            for stage in stages
            if stage.service_id is not None
        )
        itineraries.append(
            Itinerary(
                part=part_number.setdefault(chain, len(part_number) + 1),
                vehicles=amount,
                stages=stages,
                lines=costing.price(batch, stages),
                box_run=None if column.run is None else run_number.setdefault(column.run, len(run_number)),
            )
        )
    return BatchPlan(
        batch_id=batch.id,
        itineraries=tuple(itineraries),
        box_runs=tuple(
            BoxRun(vehicles=vehicles[run], boxes=boxes[run], box_cents=box_cents[run]) for run in run_number
        ),
        unplanned=unplanned,
        baseline=baseline,
    )


def _leg_uses(timetable: Timetable, choice: Choice, leg_values: Ints) -> list[LegUse]:
    capacity = timetable.arrays["leg_capacity"]
    load = capacity * 0
    for number in range(len(choice.rides)):
        choice.add_load(load, number)
    uses = []
    for leg in load.nonzero()[0]:
        if capacity[leg] >= NO_LIMIT:
            continue
        number = timetable.leg_departure[leg]
        departure = timetable.departures[number]
        call = int(leg) - timetable.departure_first_leg[number]
        calls = departure.service.calls
        uses.append(
            LegUse(
                service_id=ServiceId(departure.service.id),
                departure_day=departure.day,
                leg=call,
                from_place=calls[call].place,
                to_place=calls[call + 1].place,
                depart_min=departure.start_min + calls[call].depart_min,
                used=int(load[leg]),
                capacity=int(capacity[leg]),
                unit_value_cents=int(leg_values[leg]),
            )
        )
    return sorted(uses, key=lambda use: (use.service_id, use.departure_day, use.leg))
