"""What a change of the world must do to its best plan, on worlds whose plans are proved to be the best.

Each relation is tried on the first so many worlds for which it can be said and both plans are proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import count
from random import Random
from types import MappingProxyType

import pytest

from planner.model import BatchId, Network, PlaceId, Plan, Problem, Result, ServiceId, VehicleTypeId
from planner.model.problem import COST
from planner.model.results import OPTIMAL, SolveOptions
from planner.solve import solve
from planner.units import round_half_up
from tests.conftest import PROOF, SEED
from tests.relabel import relabelled
from tests.worlds import random_world, without

NUM_PAIRS = 200 if PROOF else 12
QUICK = SolveOptions(slot_values=0, remedies=0)
MOST_TRIES = 8
"""Worlds looked at for each pair that is wanted."""

Change = Callable[[Problem, Random, Plan], Problem | None]
"""A world changed; its plan is given, too. ``None`` = the change can't be made there."""


def priced(seed: int) -> Problem:
    """A random world planned for money, with a price of leaving out for every batch."""
    problem = random_world(seed)
    batches = tuple(
        replace(b, unplanned_price=b.unplanned_price or (1 + b.priority) * problem.terms.unplanned_price)
        for b in problem.batches
    )
    return replace(problem, batches=batches, terms=replace(problem.terms, objective=COST))


@cache
def planned(base: Callable[[int], Problem], seed: int) -> Result:
    """Plan of a world as it is, which several changes are held against."""
    return solve(base(seed), QUICK)


def pairs(change: Change, base: Callable[[int], Problem] = priced) -> Iterator[tuple[str, Result, Result]]:
    """Proved plans of worlds and of changed worlds; fails if too few can be said anything of."""
    found = 0
    for number in count():
        assert number < MOST_TRIES * NUM_PAIRS, f"only {found} pairs"
        seed = SEED + number
        problem = base(seed)
        before = planned(base, seed)
        if before.status != OPTIMAL:
            continue
        changed = change(problem, Random(seed), before.plan)
        if changed is None:
            continue
        after = solve(changed, QUICK)
        if after.status == OPTIMAL:
            found += 1
            yield f"random_world({seed})", before, after
        if found == NUM_PAIRS:
            return


def left_out(result: Result) -> int:
    return sum(entry.unplanned.vehicles for entry in result.plan.batches if entry.unplanned)


def later_due(problem: Problem, rng: Random, _: Plan) -> Problem | None:
    batches = list(problem.batches)
    number = rng.randrange(len(batches))
    if batches[number].early_price:
        batches[number] = replace(batches[number], early_price=Fraction(0))
    batches[number] = replace(batches[number], due_min=batches[number].due_min + rng.randint(1, 4_000))
    return replace(problem, batches=tuple(batches))


def never_early(seed: int) -> Problem:
    problem = priced(seed)
    return replace(problem, batches=tuple(replace(b, early_price=Fraction(0)) for b in problem.batches))


def test_later_due_never_raises_cost():
    wrong = [n for n, before, after in pairs(later_due, never_early) if after.plan.value > before.plan.value]
    assert not wrong


def more_room(problem: Problem, rng: Random, _: Plan) -> Problem:
    """One more of everything that limits, least loads as they are."""
    network = problem.network
    services = {
        name: replace(
            service,
            capacity=None if service.capacity is None else service.capacity + rng.randint(0, 150),
            module_capacity=None if service.module_capacity is None else 2 * service.module_capacity,
            calls=tuple(
                replace(c, capacity_onward=None if c.capacity_onward is None else c.capacity_onward + 150)
                for c in service.calls
            ),
        )
        for name, service in network.services.items()
    }
    limits = tuple(
        replace(row, units_per_day=row.units_per_day + rng.randint(0, 3)) for row in network.throughput
    )
    roads = tuple(
        replace(row, vehicles_per_day=None if row.vehicles_per_day is None else row.vehicles_per_day + 1)
        for row in network.roads
    )
    days = tuple(
        replace(row, capacity=None if row.capacity is None else row.capacity + 150)
        for row in network.exceptions
    )
    grown = replace(network, services=services, throughput=limits, roads=roads, exceptions=days)
    return replace(problem, network=grown)


def test_more_room_never_raises_cost():
    wrong = [n for n, before, after in pairs(more_room) if after.plan.value > before.plan.value]
    assert not wrong


def renamed(problem: Problem, rng: Random, _: Plan) -> Problem:
    return relabelled(problem, seed=rng.randrange(1_000))


def test_names_and_order_of_rows_change_neither_cost_nor_what_is_left_out():
    wrong = [
        name
        for name, before, after in pairs(renamed)
        if (after.plan.value, left_out(after)) != (before.plan.value, left_out(before))
    ]
    assert not wrong


def without_unused(problem: Problem, _: Random, plan: Plan) -> Problem | None:
    used = {stage.service_id for b in plan.batches for i in b.itineraries for stage in i.chain}
    named = {name for batch in problem.batches for name in batch.not_via}
    network = problem.network
    unused = [name for name in network.services if name not in used | named]
    if not unused or len(unused) == len(network.services):
        return None
    gone = unused[0]

    def others(rows, column="service_id"):
        return tuple(row for row in rows if getattr(row, column) != gone)

    smaller = replace(
        network,
        services={name: service for name, service in network.services.items() if name != gone},
        tariffs=others(network.tariffs),
        exceptions=others(network.exceptions),
        allotments=others(network.allotments),
        closures=others(network.closures, "what"),
    )
    return replace(problem, network=smaller)


def test_service_that_nobody_uses_can_go():
    wrong = [
        name
        for name, before, after in pairs(without_unused)
        if (after.plan.value, left_out(after)) != (before.plan.value, left_out(before))
    ]
    assert not wrong


def whole_cents(seed: int) -> Problem:
    """A world whose price lines are whole cents however many units they are for."""
    problem = priced(seed)
    network = problem.network

    def flat(rows, **extra):
        return tuple(
            replace(
                row,
                price=Fraction(round_half_up(row.price * (3_000_000 if row.per == "value" else 1))),
                per=row.per if row.per in ("feu", "part") else "vehicle",
                **extra,
            )
            for row in rows
        )

    storage = tuple(
        replace(
            row,
            per={"feu": "feu", "teu": "feu"}.get(row.per, "vehicle"),
            price_per_day=Fraction(round_half_up(row.price_per_day)),
            once=Fraction(round_half_up(row.once)),
        )
        for row in network.storage
    )
    tariffs = tuple(
        replace(row, minimum=None if row.minimum is None else Fraction(round_half_up(row.minimum)))
        for row in flat(network.tariffs)
    )
    services = {
        name: replace(
            service,
            departure_price=Fraction(round_half_up(service.departure_price)),
            module_price=Fraction(round_half_up(service.module_price)),
        )
        for name, service in network.services.items()
    }
    batches = tuple(
        replace(
            b,
            early_price=Fraction(1_440 * round_half_up(b.early_price / 1_440)),
            late_price=None
            if b.late_price is None
            else Fraction(1_440 * round_half_up(b.late_price / 1_440)),
            unplanned_price=Fraction(round_half_up(b.unplanned_price or 0)),
        )
        for b in problem.batches
    )
    network = replace(
        network,
        tariffs=tariffs,
        charges=flat(network.charges),
        roads=flat(network.roads),
        handling=flat(network.handling),
        storage=storage,
        services=services,
        exceptions=tuple(replace(row, price_factor=Fraction(1)) for row in network.exceptions),
    )
    terms = replace(problem.terms, carrying_rate=Fraction(0))
    return without(replace(problem, network=network, batches=batches, terms=terms), "kept")


FACTOR = 3


def dearer(problem: Problem, _rng: Random, _plan: Plan) -> Problem:
    network = problem.network

    def times(rows, *columns):
        return tuple(
            replace(row, **{c: getattr(row, c) * FACTOR for c in columns if getattr(row, c) is not None})
            for row in rows
        )

    services = dict(
        zip(
            network.services,
            times(network.services.values(), "departure_price", "module_price"),
            strict=True,
        )
    )
    return replace(
        problem,
        batches=times(problem.batches, "early_price", "late_price", "unplanned_price"),
        network=replace(
            network,
            services=services,
            tariffs=times(network.tariffs, "price", "minimum"),
            charges=times(network.charges, "price"),
            roads=times(network.roads, "price"),
            handling=times(network.handling, "price"),
            storage=times(network.storage, "price_per_day", "once"),
        ),
    )


def test_all_prices_times_three_make_the_cost_times_three():
    wrong = [
        name
        for name, before, after in pairs(dearer, whole_cents)
        if after.plan.value != FACTOR * before.plan.value
    ]
    assert not wrong


def kept_again(problem: Problem, _: Random, plan: Plan) -> Problem:
    kept = {
        entry.batch_id: tuple(replace(itinerary, booked=True) for itinerary in entry.itineraries)
        for entry in plan.batches
        if entry.itineraries
    }
    return replace(problem, kept=MappingProxyType(kept))


def test_kept_plan_given_back_changes_nothing():
    wrong = [
        name
        for name, before, after in pairs(kept_again)
        if (after.plan.value, after.plan.cents, left_out(after))
        != (before.plan.value, before.plan.cents, left_out(before))
    ]
    assert not wrong


def doubled(problem: Problem, _rng: Random, _plan: Plan) -> Problem | None:
    """The world twice, under other names, with nothing in common but types, shippers and countries."""
    if problem.kept:
        return None
    network = problem.network

    def other(name: str) -> str:
        return f"{name}-2"

    def place(name: str) -> str:
        return other(name) if name in network.places else name

    def any_name(name: str) -> str:
        return other(name) if name in network.places or name in network.services else name

    places = {PlaceId(other(n)): replace(row, id=PlaceId(other(n))) for n, row in network.places.items()}
    services = {
        ServiceId(other(n)): replace(
            row,
            id=ServiceId(other(n)),
            calls=tuple(replace(call, place=PlaceId(other(call.place))) for call in row.calls),
        )
        for n, row in network.services.items()
    }

    def moved(rows, **columns):
        return tuple(
            replace(row, **{column: rename(getattr(row, column)) for column, rename in columns.items()})
            for row in rows
        )

    # Kinds and countries are shared words: rows for them are there already.
    own_charges = [row for row in network.charges if row.place_or_country in network.places]
    own_handling = [row for row in network.handling if row.place_or_kind in network.places]
    own_storage = [row for row in network.storage if row.place_or_kind in network.places]
    twice = Network(
        places={**network.places, **places},
        services={**network.services, **services},
        tariffs=network.tariffs + moved(network.tariffs, service_id=other, from_place=other, to_place=other),
        charges=network.charges + moved(own_charges, place_or_country=place),
        roads=network.roads + moved(network.roads, from_place=other, to_place=other),
        handling=network.handling + moved(own_handling, place_or_kind=place),
        storage=network.storage + moved(own_storage, place_or_kind=place),
        exceptions=network.exceptions + moved(network.exceptions, service_id=other),
        throughput=network.throughput + moved(network.throughput, place=other),
        allotments=network.allotments + moved(network.allotments, service_id=other),
        closures=network.closures
        + moved(network.closures, what=other, spares=lambda names: tuple(map(any_name, names))),
        emission_factors=network.emission_factors,
        vehicle_types=network.vehicle_types,
    )
    batches = tuple(
        replace(
            b,
            id=BatchId(other(b.id)),
            origin=PlaceId(other(b.origin)),
            destination=PlaceId(other(b.destination)),
            vehicle_type=VehicleTypeId(b.vehicle_type),
            via=tuple(PlaceId(other(name)) for name in b.via),
            not_via=tuple(map(any_name, b.not_via)),
        )
        for b in problem.batches
    )
    return replace(problem, network=twice, batches=problem.batches + batches)


def test_world_beside_its_like_costs_double():
    wrong = [n for n, before, after in pairs(doubled) if after.plan.value != 2 * before.plan.value]
    assert not wrong


@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_worlds_are_for_money_and_every_batch_has_its_price(seed: int):
    problem = whole_cents(seed)
    assert problem.terms.objective == COST
    assert all(batch.unplanned_price for batch in problem.batches)
