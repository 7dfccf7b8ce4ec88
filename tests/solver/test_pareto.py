"""The Pareto set of single shipments against every itinerary written out, and by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from planner.assemble import at_prices_of_today
from planner.model import Batch, Problem
from planner.solve import solve
from planner.solver.router import Router
from tests.oracles.enumeration import TooLargeError
from tests.oracles.rules import BatchRules
from tests.oracles.shipments import Shipments, Valued, Vector, pareto
from tests.tiny import tiny
from tests.worlds import plain_world, random_world


def router_of(problem: Problem, shipments: tuple[Batch, ...], *, since_min: int | None = None) -> Router:
    """A router beside what a problem keeps, for some shipments."""
    batches = (*problem.batches, *shipments)
    first = min(batch.ready_min for batch in batches)
    last = max(problem.terms.latest_delivery_min(batch) for batch in batches)
    return Router(
        problem.network,
        first if since_min is None else since_min,
        last,
        terms=problem.terms,
        plan=problem,
    )


def vectors(router: Router, batch: Batch, unwanted: list[tuple[str, ...]] | None = None) -> list[Vector]:
    return [(found.cents, found.minutes, found.grams) for found in router.pareto(batch, unwanted or [])]


def alone(world: Problem) -> Problem:
    return replace(world, batches=(), kept={})


def without(world: Problem, batch: Batch) -> Problem:
    """The other batches of a world, and what they keep."""
    kept = {name: itineraries for name, itineraries in world.kept.items() if name != batch.id}
    return replace(world, batches=tuple(b for b in world.batches if b.id != batch.id), kept=kept)


def asked(
    worlds: range, world_of: Callable[[int], Problem] = random_world
) -> Iterator[tuple[str, Problem, Batch]]:
    """Two batches of every world as shipments."""
    for number in worlds:
        world = world_of(number)
        for batch in Random(number).sample(world.batches, min(2, len(world.batches))):
            yield f"{world_of.__name__}({number}) {batch.id}", world, batch


def valued(others: Problem, batch: Batch) -> list[Valued] | None:
    """Every way that has room; ``None`` if there are too many."""
    try:
        return Shipments(others).valued(batch)
    except TooLargeError:
        return None


def test_pareto_set_is_that_of_all_itineraries_written_out(num_worlds: Callable[[int], int], seed: int):
    """Each world by one router, which is asked for all its shipments one after another."""
    worlds = range(seed, seed + num_worlds(510))
    several = tried = stored = 0
    routers: dict[str, Router] = {}
    for name, world, batch in asked(worlds):
        ways = valued(alone(world), batch)
        if ways is None:
            continue
        key = name.split(" ", maxsplit=1)[0]
        if key not in routers:
            routers = {key: router_of(alone(world), world.batches)}
        best = pareto(ways)
        assert vectors(routers[key], batch) == best, name
        tried += 1
        several += len(best) > 1
        stored += any(tier.price_per_day for tier in world.network.storage)
    assert stored > 0.95 * tried, "nearly every world charges storage"
    assert several > tried / 5, "there is something to choose"


def test_pareto_set_beside_kept_itineraries(num_worlds: Callable[[int], int], seed: int):
    """The others of a world are planned first; in some worlds they take what was best."""
    tried = less = 0
    for name, world, batch in asked(range(seed, seed + num_worlds(200))):
        others = without(world, batch)
        everything, has_kept = valued(alone(world), batch), bool(others.kept)
        if not everything or not (has_kept or len(everything) < 60):
            continue
        if not has_kept and others.batches:
            plan = solve(others).plan
            kept = {entry.batch_id: entry.itineraries for entry in plan.batches if entry.itineraries}
            others = at_prices_of_today(replace(others, kept=kept))
        ways = valued(others, batch)
        assert ways is not None
        best = pareto(ways)
        assert vectors(router_of(others, (batch,)), batch) == best, name
        tried += 1
        less += pareto(everything) != best
    assert tried
    assert less, "what others take leaves no less anywhere"


def test_ways_by_other_services_are_the_best_left(num_worlds: Callable[[int], int], seed: int):
    tried = 0
    for name, world, batch in asked(range(seed, seed + num_worlds(200)), plain_world):
        ways = valued(alone(world), batch)
        chains = sorted({way.services for way in ways or ()})
        if len(chains) < 2:
            continue
        router = router_of(alone(world), (batch,))
        unwanted = Random(name).sample(chains, len(chains) // 2)
        left = pareto(way for way in ways or () if way.services not in unwanted)
        assert vectors(router, batch, unwanted) == left, name
        tried += 1
    assert tried


def test_earliest_is_the_least_minutes_of_all(num_worlds: Callable[[int], int], seed: int):
    for name, world, batch in asked(range(seed, seed + num_worlds(200))):
        ways = valued(alone(world), batch)
        if ways is None:
            continue
        found = router_of(alone(world), (batch,)).earliest(batch)
        least = min((way.vector[1] for way in ways), default=None)
        assert (None if found is None else found[1]) == least, name


def test_latest_ready_is_the_last_minute_that_makes_due(num_worlds: Callable[[int], int], seed: int):
    tried = 0
    for name, world, batch in asked(range(seed, seed + num_worlds(40))):
        router = router_of(alone(world), (batch,))
        found = router.latest_ready(batch)
        answer = None if found is None else found[0]
        hard = replace(batch, late_price=None)
        try:
            moments = last_moments(alone(world), hard)
            dice = Random(name)
            later = range(batch.ready_min if answer is None else answer + 1, batch.due_min + 1)
            moments |= {dice.choice(later) for _ in range(5) if later}
            best = max((m for m in moments if is_in_time(alone(world), hard, m)), default=None)
        except TooLargeError:
            continue
        assert answer == best, name
        if found is not None:
            ways = Shipments(alone(world)).valued(replace(hard, ready_min=found[0]))
            assert [(one.cents, one.minutes, one.grams) for one in found[1]] == pareto(ways), name
            tried += 1
    assert tried


def last_moments(world: Problem, batch: Batch) -> set[int]:
    """Ready times that just reach a first move."""
    rules = BatchRules(replace(world, batches=(batch,)), batch)
    found = set()
    for move in rules.moves():
        row = None
        if move.from_place == batch.origin:
            row = rules.handling(batch.origin, "origin", move.mode, rules.first_form, move.form)
        if row is not None:
            found.add(move.gate_min - row.handling_min - move.before_min)
    return {minute for minute in found if minute >= batch.ready_min}


def is_in_time(world: Problem, batch: Batch, ready_min: int) -> bool:
    return ready_min <= batch.due_min and bool(Shipments(world).valued(replace(batch, ready_min=ready_min)))


def only(text: str) -> list[Vector]:
    """Pareto set of the only batch of a tiny world."""
    world = tiny(text)
    (batch,) = world.batches
    return vectors(router_of(alone(world), (batch,)), batch)


def test_earlier_arrival_whose_free_time_ends_sooner_does_not_win():
    """Tuesday's and Wednesday's cost the same; for Friday's truck the later one pays a day less."""
    assert only("""
        service barge plant -> port@24 leaves=Mon,Tue price=40
        service truck port -> market@10 leaves=Fri price=20
        storage port from=48 day=7
        batch 1 car plant -> market
    """) == [(60, 114 * 60, 0)]
    # Tuesday 08:00 to Friday is 1 day beyond two free ones; since Wednesday none


def test_cheaper_walk_that_leaves_and_comes_back_is_no_itinerary():
    """Two days in a free yard beside the dear port would save 40: cargo does not change hands twice there."""
    assert only("""
        service barge plant -> port@24 leaves=Mon price=40
        service truck port -> market@10 leaves=Fri price=20
        storage port day=20
        road port -> yard hours=1 every=24 first=09:00
        road yard -> port hours=1 every=24 first=01:00
        batch 1 car plant -> market
    """) == [(120, 114 * 60, 0)]


def test_cheap_way_that_spent_a_place_does_not_hide_the_dear_one():
    """The cheaper cargo at the hub has been at the port, from where alone the train goes; it can't return."""
    assert only("""
        road plant -> port hours=1 every=24 first=01:00 price=1
        road port -> hub hours=1 every=24 first=04:00 price=1
        service taxi plant -> hub@1 leaves=Mon price=50
        service barge hub -> port@24 leaves=Tue price=10
        service rail port -> market@24 leaves=Thu form=loose price=5
        handling port road->rail loose->loose hours=999
        batch 1 car plant -> market
    """) == [(65, (3 * 24 + 8 + 24) * 60, 0)]


TWICE = """
    service train plant -> port@24-72* -> city@96 departure=100 {}
    tariff train plant -> city price=500
    tariff train plant -> port price=1
    tariff train port -> city price=1
    batch 2 car plant -> city
"""


def test_charter_that_is_ridden_twice_is_paid_once():
    """Left at the port and boarded again, since two fares are less than one; the train is paid once."""
    assert only(TWICE.format("")) == [(100 + 2 * 2, (8 + 96) * 60, 0)]


def test_modules_hold_the_fuller_leg_not_both():
    assert only(TWICE.format("module=2 module_price=10")) == [(100 + 10 + 2 * 2, (8 + 96) * 60, 0)]


def test_least_load_is_come_to_by_boarding_twice():
    assert only(TWICE.format("min_load=4")) == [(100 + 2 * 2, (8 + 96) * 60, 0)]
    assert only(TWICE.format("min_load=5")) == []


def test_dearer_way_that_has_paid_the_train_already_is_kept():
    """By barge the port costs 50 and the train on from there 101; by train 101, and then but 1 more."""
    assert only("""
        service train plant -> port@24-72* -> city@96 departure=100
        tariff train plant -> port price=1
        tariff train port -> city price=1
        service barge plant -> port@24 leaves=Mon price=50
        batch 1 car plant -> city
    """) == [(102, (8 + 96) * 60, 0)]


def test_cheaper_way_that_owes_a_least_load_does_not_hide_the_dearer_one():
    """Two cars fill the train only if they board it twice, and then they are not at the market."""
    assert only("""
        service train plant -> port@24-72* -> city@96 min_load=4
        tariff train plant -> port price=1
        tariff train port -> city price=1
        service barge plant -> port@24 leaves=Mon price=50
        service truck port -> market@10 leaves=Fri price=20
        batch 2 car plant -> market
    """) == [(140, 114 * 60, 0)]


def test_cost_days_and_co2e_each_have_their_best_way():
    """A fourth way is no better than the cleanest in any of the three."""
    assert only("""
        service cheap plant -> market@200 price=10 class=oil km=100
        service fast plant -> market@20 price=90 class=oil km=100
        service clean plant -> market@100 price=50 class=oil km=10
        service poor plant -> market@100 price=51 class=oil km=10
        emission oil 2
        batch 3 car plant -> market
    """) == [
        (30, 208 * 60, 600),
        (150, 108 * 60, 60),
        (270, 28 * 60, 600),
    ]


def test_shipment_larger_than_the_room_finds_none():
    text = """
        service barge plant -> port@24 leaves=Mon room=10 price=40
        batch {} car plant -> port
    """
    assert only(text.format(10)) == [(400, 32 * 60, 0)]
    assert only(text.format(11)) == []
