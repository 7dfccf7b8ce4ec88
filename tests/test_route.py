"""Single shipments as they are answered: read back, priced again, checked, beside a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from planner.errors import BrokenPlanError, SolverError
from planner.model import Problem
from planner.model.routes import Route, RouteAnswer, RouteQuery
from planner.route import RouteDesk, find_routes, horizon_of
from planner.solve import solve
from planner.solver.router import Found, Router
from tests.oracles.enumeration import TooLargeError, moves_of
from tests.oracles.shipments import Shipments, pareto
from tests.tiny import moment, tiny
from tests.worlds import random_world

TWO_WAYS = """
    service barge plant -> port@48 leaves=Mon,Thu price=40
    service rail  plant -> port@24 leaves=Mon,Tue,Wed form=boxed price=300 per=feu room=2
"""


def ask(world: Problem, number: int = 0, **options: object) -> RouteAnswer:
    query = RouteQuery(shipment=world.batches[number], **options)
    return find_routes(world.network, query, terms=world.terms)


def ways(routes: tuple[Route, ...]) -> list[tuple[tuple[str, ...], int, int]]:
    """Services, cents and hours."""
    return [(route.services, route.cents, route.minutes // 60) for route in routes]


def test_ways_come_cheapest_first_with_whole_boxes():
    """Four cars are two boxes of three."""
    answer = ask(tiny(TWO_WAYS + "batch 4 car plant -> port"))
    assert ways(answer.routes) == [(("barge",), 160, 56), (("rail",), 600, 32)]
    assert answer.routes[1].box_run.boxes == 2
    assert answer.reason == ""


def test_every_answer_agrees_with_all_itineraries_written_out(num_worlds: Callable[[int], int], seed: int):
    """What is shown is priced from the tables and checked; here it is held against the oracle as well."""
    tried = 0
    for number in range(seed, seed + num_worlds(100)):
        world = random_world(number)
        batch = world.batches[0]
        alone = replace(world, batches=(), kept={})
        try:
            expected = Shipments(alone).valued(batch)
        except TooLargeError:
            continue
        query = RouteQuery(shipment=batch, latest_ready=False)
        routes = find_routes(world.network, query, terms=world.terms).routes
        shown = [(route.cents, route.minutes, route.grams or 0) for route in routes]
        assert shown == pareto(expected), f"random_world({number})"
        by_moves = {valued.way.moves: valued.vector for valued in expected}
        for route, vector in zip(routes, shown, strict=True):
            assert by_moves[moves_of(route.itinerary)] == vector
        tried += len(routes)
    assert tried


def test_a_search_that_says_another_price_is_refused(monkeypatch: pytest.MonkeyPatch):
    right = Router.pareto

    def wrong(*arguments: object) -> list[Found]:
        return [replace(found, cents=found.cents + 1) for found in right(*arguments)]

    monkeypatch.setattr(Router, "pareto", wrong)
    with pytest.raises(BrokenPlanError, match="the search says 161 cents, its stages say 160"):
        ask(tiny(TWO_WAYS + "batch 4 car plant -> port"))


def test_plan_leaves_less_room():
    """Its two boxes fill Monday's train; the shipment waits for Tuesday's, or takes the barge."""
    world = tiny(TWO_WAYS + "batch 6 car plant -> port due=40 id=first\nbatch 4 car plant -> port id=second")
    first = replace(world, batches=world.batches[:1])
    plan = solve(first).plan
    assert plan.batches[0].planned_vehicles == 6
    query = RouteQuery(shipment=world.batches[1])
    beside = find_routes(world.network, query, terms=world.terms, plan=(first, plan))
    assert ways(beside.routes) == [(("barge",), 160, 56)]
    early = replace(query, shipment=replace(query.shipment, due_min=moment("57")))
    rail = replace(early, shipment=replace(early.shipment, modes=("rail",)))
    assert ways(find_routes(world.network, rail, terms=world.terms, plan=(first, plan)).routes) == [
        (("rail",), 600, 56)
    ]


def test_shipment_joins_what_the_plan_has_bought():
    """The train is paid; the shipment pays the module more that it needs."""
    world = tiny("""
        service train plant -> port@24 departure=500 module=10 module_price=60 min_load=8 price=1
        batch 9 car plant -> port id=first
        batch 4 car plant -> port id=second
    """)
    first = replace(world, batches=world.batches[:1])
    plan = solve(first).plan
    query = RouteQuery(shipment=world.batches[1])
    alone = find_routes(world.network, query, terms=world.terms)
    assert alone.routes == ()
    assert alone.reason.startswith("least load")
    beside = find_routes(world.network, query, terms=world.terms, plan=(first, plan))
    assert ways(beside.routes) == [(("train",), 4 + 60, 32)]
    assert [(share.kind, share.cents) for share in beside.routes[0].charters] == [("module", 60)]


def test_latest_ready_is_the_last_gate_that_makes_due():
    world = tiny(
        TWO_WAYS + "handling plant origin->rail loose->boxed hours=5\nbatch 3 car plant -> port due=90"
    )
    answer = ask(world)
    # the train of Wednesday, 56 h, arrives at 80 h; it has to be handled for 5 h before
    assert answer.latest_ready.ready_min == moment("51")
    assert ways(answer.latest_ready.routes) == [(("rail",), 300, 29)]


def test_latest_ready_may_lie_before_the_ready_time_asked_for():
    world = tiny(TWO_WAYS + "batch 3 car plant -> port ready=60 due=90")
    answer = ask(world)
    assert answer.routes == ()
    assert answer.reason.startswith("too late: earliest possible delivery is")
    assert answer.latest_ready.ready_min == moment("56")


def test_being_ready_earlier_may_be_too_early():
    """Held at most a day: ready at 0 h the only barge is out of reach, at 32 h it is not."""
    world = tiny("""
        service barge plant -> port@48 leaves=Wed price=40
        storage plant max=24
        batch 3 car plant -> port due=110
    """)
    answer = ask(world)
    assert answer.routes == ()
    assert answer.latest_ready.ready_min == moment("56")


def test_latest_ready_counts_space_that_is_held_until_then():
    """Alpha holds all but one unit until an hour before; who is ready before that is shut out of it."""
    held = ask(
        tiny("""
            service barge plant -> port@24 leaves=Mon,Tue,Wed,Thu room=5 price=40
            allotment barge Alpha 4 release=1
            batch 3 car plant -> port due=85 shipper=Beta
        """)
    )
    assert held.routes == ()
    # Wednesday's of 56 h arrives at 80 h; from 55 h on its space is released
    assert held.latest_ready.ready_min == moment("56")


def test_there_is_no_latest_ready_where_nothing_leads():
    answer = ask(tiny(TWO_WAYS + "batch 3 car port -> plant due=90"))
    assert answer.latest_ready.ready_min is None
    assert answer.latest_ready.reason.startswith("whoever is ready since")
    assert answer.reason.startswith("no route")


def test_without_a_due_date_nothing_is_said_of_the_latest_ready():
    assert ask(tiny(TWO_WAYS + "batch 3 car plant -> port"), has_due=False).latest_ready is None


def test_alternatives_have_other_services_each_the_best_left():
    world = tiny("""
        service near plant -> port@30 leaves=Mon,Tue price=10
        service slow plant -> port@90 price=30
        service dear plant -> port@60 price=50
        road port -> market hours=1 every=6
        batch 2 car plant -> market
    """)
    by_cost = ask(world, alternatives=5)
    assert [route.services for route in by_cost.alternatives] == [("near",), ("slow",), ("dear",)]
    by_time = ask(world, alternatives=1, objective="time")
    assert [route.services for route in by_time.alternatives] == [("near",), ("dear",)]
    # the Pareto set itself has one way: all others are dearer and slower
    assert len(by_cost.routes) == 1


def test_via_and_bans_are_obeyed():
    text = """
        service barge plant -> lock@10 -> port@48 price=40
        service rail  plant -> port@24 price=30
        batch 2 car plant -> port {}
    """
    assert [r.services for r in ask(tiny(text.format("via=lock"))).routes] == [("barge",)]
    assert [r.services for r in ask(tiny(text.format("not_via=rail"))).routes] == [("barge",)]
    assert [r.services for r in ask(tiny(text.format("not_modes=barge"))).routes] == [("rail",)]
    nothing = ask(tiny(text.format("via=lock not_modes=barge")))
    assert nothing.reason.startswith("banned")


def test_room_for_some_is_said():
    text = "service barge plant -> port@24 leaves=Mon room={} price=40\nbatch 9 car plant -> port"
    assert ask(tiny(text.format(7))).reason == (
        "no room: no way has room for all 9 vehicles; 7 would find some"
    )
    assert ask(tiny(text.format(0))).reason.startswith("no room: not even a vehicle")


def test_lateness_at_a_price_is_another_way():
    world = tiny("""
        service barge plant -> port@48 price=10
        service rail  plant -> port@24 price=90
        batch 2 car plant -> port due=44 late=24
    """)
    # 12 h late of 24 a day is 12 a car
    assert ways(ask(world).routes) == [(("barge",), 2 * 22, 56), (("rail",), 180, 32)]


def test_wishes_for_parts_do_not_matter_to_a_shipment():
    world = tiny(TWO_WAYS + "batch 4 car plant -> port min_part=9 split=no")
    assert len(ask(world).routes) == 2


def test_desk_answers_many_and_refuses_what_lies_outside_its_horizon():
    world = tiny(TWO_WAYS + "batch 4 car plant -> port id=b1\nbatch 3 car plant -> port ready=20 id=b2")
    queries = [RouteQuery(shipment=batch, latest_ready=False) for batch in world.batches]
    first, last = (
        pick(horizon_of(query, world.terms)[end] for query in queries) for end, pick in ((0, min), (1, max))
    )
    desk = RouteDesk(world.network, first, last, terms=world.terms)
    for query in queries * 2:
        own = find_routes(world.network, query, terms=world.terms)
        assert desk.answer(query) == own
    outside = replace(world.batches[0], ready_min=first - 1)
    with pytest.raises(ValueError, match="horizon"):
        desk.answer(RouteQuery(shipment=outside))


def test_carrying_and_value_are_those_of_the_shipment():
    world = tiny("service barge plant -> port@48 price=10\nbatch 1 car plant -> port value=36500000")
    world = replace(world, terms=replace(world.terms, carrying_rate=Fraction(1, 10)))
    # 36,500,000 * 10 % / 365 a day for 56 h
    assert ways(ask(world).routes) == [(("barge",), 10 + 10_000 * 56 // 24, 56)]


def test_answers_do_not_hang_on_the_days_of_the_desk(num_worlds: Callable[[int], int], seed: int):
    """A desk for more days, asked about everybody in turn, says what one for each question says."""
    asked = late = 0
    for number in range(seed, seed + num_worlds(60)):
        world = random_world(number)
        queries = [RouteQuery(shipment=batch, alternatives=1) for batch in world.batches]
        hurried = [replace(batch, due_min=batch.ready_min + 4 * 1_440) for batch in world.batches]
        queries += [RouteQuery(shipment=batch) for batch in hurried]
        days = [horizon_of(query, world.terms) for query in queries]
        first_min, last_min = min(first for first, _ in days), max(last for _, last in days)
        desk = RouteDesk(world.network, first_min - 9_999, last_min + 9_999, terms=world.terms)
        for query in queries:
            own = find_routes(world.network, query, terms=world.terms)
            assert desk.answer(query) == own, f"random_world({number})"
            asked += 1
            late += own.reason.startswith("too late")
    assert asked
    assert late


def test_of_many_ways_the_best_under_the_objective_are_given():
    world = tiny(TWO_WAYS + "batch 4 car plant -> port")
    for objective, service in (("cost", "barge"), ("time", "rail")):
        (route,) = ask(world, limit=1, objective=objective).routes
        assert route.services == (service,)
    assert ask(world, limit=2, objective="time").routes == ask(world).routes


def test_a_question_can_be_ended_and_the_next_is_answered():
    world = tiny(TWO_WAYS + "batch 4 car plant -> port")
    query = RouteQuery(shipment=world.batches[0], alternatives=1)
    left = [0]

    def tick() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise TimeoutError

    desk = RouteDesk(world.network, *horizon_of(query, world.terms), terms=world.terms, tick=tick)
    right = find_routes(world.network, query, terms=world.terms)
    ended = 0
    for steps in range(100):
        left[0] = steps
        try:
            assert desk.answer(query) == right
        except TimeoutError:
            ended += 1
    assert 5 < ended < 95


def test_a_search_of_too_many_ways_is_given_up_and_the_next_is_answered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("planner.solver.router.FIRST_LABELS", 2)
    world = tiny(TWO_WAYS + "batch 4 car plant -> port\nbatch 4 car port -> plant")
    many, none = (RouteQuery(shipment=batch) for batch in world.batches)
    desk = RouteDesk(world.network, *horizon_of(many, world.terms), terms=world.terms, most_labels=3)
    for _ in range(2):
        with pytest.raises(SolverError, match="more than 3 ways"):
            desk.answer(many)
        assert desk.answer(none) == find_routes(world.network, none, terms=world.terms)
