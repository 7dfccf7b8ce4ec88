"""Arrays of a timetable: shapes, order, and that every dated ride and dispatch is there once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

import numpy as np

from planner.clock import day_number
from planner.model import Problem
from planner.network.lay_out import timetable_of
from planner.network.timetable import FORM_NUMBER, NO_LIMIT, Timetable
from tests.oracles.rules import BatchRules, leg_capacity
from tests.tiny import START_MIN, tiny
from tests.worlds import random_world


def worlds(count: int, seed: int) -> Iterator[tuple[str, Problem, Timetable]]:
    for number in range(seed, seed + count):
        problem = random_world(number)
        yield f"random_world({number})", problem, timetable_of(problem)


def test_shapes_fit_each_other(num_worlds: Callable[[int], int], seed: int):
    for name, _, table in worlds(num_worlds(200), seed):
        arrays = table.arrays
        lengths = {key: len(values) for key, values in arrays.items()}
        num_arrivals, num_boardings = lengths["arrival_min"], lengths["boarding_min"]
        num_arcs, num_gates, num_transfers = lengths["arc_pair"], len(table.gates), len(table.transfers)
        expected = {
            **dict.fromkeys(("arrival_slot", "arrival_place", "arrival_min"), num_arrivals),
            **dict.fromkeys(("boarding_day", "boarding_gate"), num_boardings),
            **dict.fromkeys(
                ("arc_boarding", "arc_arrival", "arc_pair", "arc_leg_from", "arc_leg_to", "arc_departure"),
                num_arcs,
            ),
            **dict.fromkeys(("event_min", "event_node"), num_arrivals + num_boardings),
            **dict.fromkeys(
                ("transfer_slot", "transfer_gate", "transfer_min", "transfer_rule"), num_transfers
            ),
            "arrival_row": num_arrivals,
            "boarding_row": num_boardings,
            "row_capacity": table.num_rows,
            "arrival_arcs": num_arrivals + 1,
            "gate_transfers": num_gates + 1,
            "gate_form": num_gates,
            "slot_form": len(table.slots),
        }
        assert {key: lengths[key] for key in expected} == expected, name
        assert arrays["boarding_origin_row"].shape == (2, num_boardings), name
        assert arrays["arrival_tier_day"].shape == (2, num_arrivals + 1, table.num_tiers), name
        narrow = {key for key, values in arrays.items() if values.dtype != np.int64}
        assert narrow == {"event_min", "event_node"}, name
        assert {arrays[key].dtype for key in narrow} == {np.dtype(np.int32)}, name
        assert len(table.leg_departure) == table.num_legs, name


def test_events_are_sorted_and_at_equal_times_arrivals_come_first(
    num_worlds: Callable[[int], int], seed: int
):
    ties = 0
    for name, _, table in worlds(num_worlds(200), seed):
        arrays, num_arrivals = table.arrays, table.num_arrivals
        times, nodes = arrays["event_min"], arrays["event_node"]
        assert (np.diff(times) >= 0).all(), name
        is_boarding = nodes > num_arrivals
        for place, (now, later) in enumerate(pairwise(times)):
            if now == later:
                ties += is_boarding[place] != is_boarding[place + 1]
                assert is_boarding[place] <= is_boarding[place + 1], name
        wanted = [
            *range(num_arrivals),
            *range(num_arrivals + 1, num_arrivals + 1 + len(arrays["boarding_min"])),
        ]
        assert sorted(nodes) == wanted, name
        assert (arrays["arrival_min"][nodes[~is_boarding]] == times[~is_boarding]).all(), name
        boardings = nodes[is_boarding] - num_arrivals - 1
        assert (arrays["boarding_min"][boardings] == times[is_boarding]).all(), name
    assert ties


def test_arrivals_of_a_slot_are_listed_by_time(num_worlds: Callable[[int], int], seed: int):
    for name, _, table in worlds(num_worlds(200), seed):
        assert sorted(int(a) for row in table.slot_arrivals for a in row) == list(range(table.num_arrivals))
        for slot, row in enumerate(table.slot_arrivals):
            assert (np.diff(table.arrays["arrival_min"][row]) >= 0).all(), name
            assert (table.arrays["arrival_slot"][row] == slot).all(), name


def customs_take_time(problem: Problem) -> bool:
    return any(row.handling_min for row in problem.network.charges if row.when in ("export", "import"))


def test_arcs_are_the_rides_and_dispatches_of_the_oracle(num_worlds: Callable[[int], int], seed: int):
    """For every batch: what the oracle lets it ride is an arc with the same gate, release, ends and legs."""
    for name, problem, table in worlds(num_worlds(200), seed):
        arrays = table.arrays
        arcs = {}
        for arc in range(len(arrays["arc_pair"])):
            pair = table.pairs[int(arrays["arc_pair"][arc])]
            gate_min = int(arrays["boarding_min"][arrays["arc_boarding"][arc]])
            gate = table.gates[int(arrays["boarding_gate"][arrays["arc_boarding"][arc]])]
            slot = table.slots[int(arrays["arrival_slot"][arrays["arc_arrival"][arc]])]
            start, end = (problem.network.places[place].country for place in pair.ends)
            crosses = start != end and customs_take_time(problem)
            assert gate == (pair.ends[0], pair.mode, pair.form, crosses), name
            assert slot == (pair.ends[1], pair.mode, pair.form, crosses), name
            into = range(*arrays["arrival_arcs"][arrays["arc_arrival"][arc] :][:2])
            assert arc in into, name
            legs = range(int(arrays["arc_leg_from"][arc]), int(arrays["arc_leg_to"][arc]))
            if pair.service is None:
                key = ("road", *pair.ends, pair.form, str(gate_min))
                assert (len(legs), arrays["arc_departure"][arc]) == (0, -1), name
            else:
                departure = table.departures[arrays["arc_departure"][arc]]
                calls = pair.service.calls
                board, alight = calls[pair.board_call], calls[pair.alight_call]
                key = (pair.service.id, departure.day.isoformat(), str(board.seq), str(alight.seq))
                first = table.departure_first_leg[arrays["arc_departure"][arc]]
                assert [leg - first for leg in legs] == list(range(pair.board_call, pair.alight_call)), name
                for leg in legs:
                    room = leg_capacity(problem, (pair.service.id, departure.day, leg - first))
                    assert arrays["row_capacity"][leg] == (NO_LIMIT if room is None else room), name
            assert key not in arcs, f"{name}: {key} twice"
            arcs[key] = (gate_min, int(arrays["arrival_min"][arrays["arc_arrival"][arc]]))
        for batch in problem.batches:
            for move in BatchRules(problem, batch).moves():
                assert arcs[move.key] == (move.gate_min, move.free_min), f"{name}: {move.key}"


def test_transfers_are_the_changes_that_have_a_handling_row(num_worlds: Callable[[int], int], seed: int):
    for name, problem, table in worlds(num_worlds(200), seed):
        rules = BatchRules(problem, problem.batches[0])
        expected = set()
        for slot, (place, from_mode, from_form, _) in enumerate(table.slots):
            for gate, (gate_place, to_mode, to_form, _) in enumerate(table.gates):
                if place == gate_place:
                    row = rules.handling(place, from_mode, to_mode, from_form, to_form)
                    if row is not None:
                        expected.add((slot, gate, row.handling_min))
        found = [
            (int(slot), gate, int(minutes))
            for gate, (first, last) in enumerate(pairwise(table.arrays["gate_transfers"]))
            for slot, minutes in zip(
                table.arrays["transfer_slot"][first:last],
                table.arrays["transfer_min"][first:last],
                strict=True,
            )
        ]
        assert set(found) == expected, name
        assert len(found) == len(expected), name
        assert [transfer.gate for transfer in table.transfers] == [gate for _, gate, _ in found], name


def test_days_of_storage_are_local_days(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    ruled = 0
    for name, problem, table in worlds(num_worlds(200), seed):
        arrays, places = table.arrays, list(problem.network.places)
        for arrival in rng.sample(range(table.num_arrivals), min(40, table.num_arrivals)):
            place = places[int(arrays["arrival_place"][arrival])]
            zone = problem.network.places[place].time_zone
            for form, number in FORM_NUMBER.items():
                if (place, form) not in table.rule_of:
                    continue
                tiers = table.rules[table.rule_of[place, form]].tiers
                free_min = int(arrays["arrival_min"][arrival])
                days = [day_number(free_min + tier.from_min, zone) for tier in tiers]
                assert list(arrays["arrival_tier_day"][number, arrival, : len(tiers)]) == days, name
                ruled += 1
        for boarding, gate in enumerate(arrays["boarding_gate"]):
            zone = problem.network.places[table.gates[int(gate)][0]].time_zone
            at = int(arrays["boarding_min"][boarding])
            assert int(arrays["boarding_day"][boarding]) == day_number(at, zone), name
    assert ruled


def test_only_the_horizon_is_laid_out():
    table = timetable_of(
        tiny("""
            service barge plant -> port@24 leaves=Mon,Tue,Wed,Thu,Fri at=08:00 cutoff=2 release=3 price=1
            road plant -> port hours=30 every=24
            batch 1 car plant -> port ready=30 due=83
        """)
    )
    hours = [(int(t) - START_MIN) / 60 for t in table.arrays["boarding_min"]]
    # barges of Tuesday and Wednesday (gate at 30 and 54 h) are free at 59 and 83 h; roads at 48 h (78 h)
    arrivals = sorted((int(t) - START_MIN) / 60 for t in table.arrays["arrival_min"])
    assert arrivals == [59, 78, 83]
    assert {30, 48, 54} <= set(hours)
    assert min(hours) == 30


def test_ride_is_missing_where_it_has_no_freight_row_or_may_not_load():
    table = timetable_of(
        tiny("""
            service barge plant -> hub@10-12* -> port@24 leaves=Mon until=1
            tariff barge plant -> hub price=5
            tariff barge plant -> port charge=surcharge price=5
            tariff barge hub -> port price=5
            tariff barge hub -> hub price=5
            service rail plant -> border@10-12 -> port@24 leaves=Mon until=1 mode=rail
            tariff rail plant -> port price=5
            tariff rail plant -> border price=5
            tariff rail border -> port price=5
            batch 1 car plant -> port
        """)
    )
    rides = {(pair.service.id, *pair.ends) for pair in table.pairs if pair.service is not None}
    assert rides == {("barge", "plant", "hub"), ("barge", "hub", "port"), ("rail", "plant", "port")}


def test_service_that_calls_twice_at_a_place_is_not_ridden_from_there_to_there():
    table = timetable_of(
        tiny("""
            service barge plant -> hub@10-12* -> plant@20-22* -> port@24 leaves=Mon price=7
            batch 1 car plant -> port
        """)
    )
    ends = [(pair.board_call, pair.alight_call) for pair in table.pairs]
    assert ends == [(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)]  # not from call 0 to call 2


def test_world_without_anything_is_an_empty_timetable():
    table = timetable_of(
        tiny("""
            place port
            batch 1 car plant -> port
        """)
    )
    assert (table.num_arrivals, table.num_legs, len(table.transfers)) == (0, 0, 0)
    assert table.slots == [("plant", "origin", "loose", False)]
