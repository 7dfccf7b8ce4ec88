"""Rows of an itinerary: every leg, day, held space and boarding that counts it, each in its own unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from planner.solver.column_rows import ColumnRows
from planner.solver.columns import Column
from tests.oracles.enumeration import ways_of
from tests.solver.rig import MONEY, Rig, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny


def rows_by_name(made: Rig, column: Column) -> tuple[dict[str, int], dict[str, int]]:
    """Names of the rows of a column: units per vehicle, units per box."""
    table = made.timetable
    names = {
        row: f"{day.from_place}-{day.to_place} {day.form} {day.day:%a}" for row, day in table.day_rows.items()
    }
    for number, departure in enumerate(table.departures):
        first = table.departure_first_leg[number]
        for leg in range(len(departure.service.calls) - 1):
            names[first + leg] = f"{departure.service.id} {leg}"
        if number in table.boarded_row:
            names[table.boarded_row[number]] = f"onto {departure.service.id}"
    for rows, legs in table.held_of_claim.values():
        names |= {int(row): f"held {names[int(leg)]}" for row, leg in zip(rows, legs, strict=True)}
    per_vehicle = {names[row]: units for row, units in column.vehicle_rows}
    return per_vehicle, dict(Counter(names[row] for row in column.box_rows))


def only_column(text: str) -> tuple[dict[str, int], dict[str, int]]:
    made = rig(tiny(text))
    ((_, column),) = made.recover_all(0, 1, MONEY)
    return rows_by_name(made, column)


def test_loose_way_counts_vehicles_and_space():
    assert only_column("""
        type car ceu=1.27
        service roro plant -> strait@5-6 -> port@24 leaves=Mon unit=ceu room=9 price=1
        road port -> market hours=5 per_day=9 every=24 first=12:00
        throughput plant loose 9
        throughput port loose 9
        throughput market loose 9
        batch 1 car plant -> market due=48
    """) == (
        {
            "plant-plant loose Mon": 1,
            "roro 0": 127,
            "roro 1": 127,
            "port-port loose Tue": 1,
            "port-market loose Tue": 1,
            "market-market loose Tue": 1,
        },
        {},
    )


def test_boxed_way_counts_boxes_but_trucks_and_the_loose_ends_count_vehicles():
    assert only_column("""
        service rail plant -> port@24 leaves=Mon form=boxed room=9 price=1
        road port -> market hours=5 per_day=9 form=boxed first=12:00
        throughput plant loose 9
        throughput plant boxed 9
        throughput port boxed 9
        throughput port loose 9
        throughput market boxed 9
        batch 1 car plant -> market due=48
    """) == (
        {"plant-plant loose Mon": 1, "port-market boxed Tue": 1},
        {"rail 0": 1, "port-port boxed Tue": 1, "market-market boxed Tue": 1},
    )


def test_type_that_is_only_ever_boxed_counts_boxes_at_its_origin():
    per_vehicle, per_box = only_column("""
        type kit loose=no
        service rail plant -> port@24 leaves=Mon form=boxed price=1
        throughput plant loose 9
        throughput plant boxed 9
        batch 1 kit plant -> port due=48
    """)
    assert (per_vehicle, per_box) == ({}, {"plant-plant boxed Mon": 1})


def test_charter_counts_unlimited_legs_and_what_boards():
    assert only_column("""
        service barge plant -> lock@5-6 -> port@24 leaves=Mon price=1 departure=5
        batch 1 car plant -> port due=48
    """) == ({"barge 0": 1, "barge 1": 1, "onto barge": 1}, {})


def test_held_space_counts_for_those_shut_out_on_the_legs_they_ride():
    text = """
        service barge plant -> hub@5-6* -> port@24 leaves=Mon room=9
        tariff barge plant -> hub price=1
        allotment barge Alpha 4 release=24
        batch 1 car plant -> hub due=48 ready={} shipper={}
    """
    held = {"barge 0": 1, "held barge 0": 1}
    # the barge leaves at 8 h, so the space is released at -16 h
    assert only_column(text.format(-17, "Beta"))[0] == held
    assert only_column(text.format(-16, "Beta"))[0] == {"barge 0": 1}
    assert only_column(text.format(-17, "Alpha"))[0] == {"barge 0": 1}


def test_origin_counts_on_the_day_of_departure_not_on_that_of_the_gate():
    per_vehicle, _ = only_column("""
        service barge plant -> port@24 leaves=Tue at=08:00 cutoff=20 price=1
        throughput plant loose 9
        batch 1 car plant -> port due=60
    """)
    assert per_vehicle == {"plant-plant loose Tue": 1}


def test_only_the_first_leg_counts_at_an_origin():
    """Cargo that changes at a place counts on its way in; others start there."""
    made = rig(
        tiny("""
            service barge plant -> hub@5 leaves=Mon price=1
            service roro hub -> port@24 leaves=Tue price=1
            throughput hub loose 9
            batch 1 car plant -> port due=60
            batch 1 car hub -> port due=60
        """)
    )
    rows = [rows_by_name(made, made.recover_all(batch, 1, MONEY)[0][1])[0] for batch in range(2)]
    assert rows == [{"hub-hub loose Mon": 1}, {"hub-hub loose Tue": 1}]


def test_arcs_are_open_that_take_from_nothing():
    made = rig(
        tiny("""
            service free plant -> port@24 leaves=Mon price=1
            service full plant -> port@24 leaves=Mon price=1 room=9
            service bought plant -> port@24 leaves=Mon price=1 min_load=1
            service watched port -> market@24 leaves=Wed price=1
            road plant -> port hours=5 every=48 per_day=3
            road port -> market hours=5 every=48 first=07:00
            throughput market loose 9
            batch 1 car plant -> market due=80
        """)
    )
    table, arrays = made.timetable, made.timetable.arrays
    is_open = {}
    for arc, open_ in enumerate(ColumnRows(table).arc_is_open):
        pair = table.pairs[int(arrays["arc_pair"][arc])]
        is_open["-".join(pair.ends) if pair.service is None else pair.service.id] = bool(open_)
    assert is_open == {
        "free": True,
        "full": False,
        "bought": False,
        "watched": False,
        "plant-port": False,
        "port-market": False,
    }


def test_rows_are_those_of_the_oracle(num_worlds: Callable[[int], int], seed: int):
    kinds: Counter[str] = Counter()
    for number in range(seed, seed + num_worlds(300)):
        made = rig(whole_world(number))
        table = made.timetable
        for batch, row in enumerate(made.problem.batches):
            ways = {way.moves: way for way in ways_of(made.problem, row)}
            for _, column in made.recover_all(batch, 1, MONEY):
                per_vehicle, per_box = made.rows_of_way(batch, ways[made.key_of(column)])
                name = f"whole_world({number}) {row.id} {made.key_of(column)}"
                assert dict(column.vehicle_rows) == per_vehicle, name
                assert Counter(column.box_rows) == per_box, name
                assert len(dict(column.vehicle_rows)) == len(column.vehicle_rows), name
                used = set(per_vehicle) | set(per_box)
                kinds["days"] += bool(used & set(table.day_rows))
                kinds["boarded"] += bool(used & set(table.boarded_row.values()))
                kinds["held"] += bool(used & set(table.held_rows(row)[0].tolist()))
                kinds["boxes"] += bool(per_box)
    assert min(kinds[kind] for kind in ("days", "boarded", "held", "boxes")) > 0, kinds
