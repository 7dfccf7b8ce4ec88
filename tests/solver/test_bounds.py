"""Bounds against brute force: every way to fill boxes, every choice of a tiny batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from planner.solver.bounds import box_values, group_limit, last_box_values, linear_value


def partitions(quantity: int, largest: int) -> Iterator[list[int]]:
    """Every way to split vehicles into groups, the largest first; 0 is a vehicle left out."""
    if quantity == 0:
        yield []
        return
    for size in range(min(largest, quantity), 0, -1):
        for rest in partitions(quantity - size, size):
            yield [size, *rest]


def test_value_is_the_cheapest_way_to_form_groups_or_stay(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for _ in range(num_worlds(2_000)):
        size, quantity = rng.randint(1, 4), rng.randint(0, 9)
        penalty = rng.randint(0, 50)
        groups = [rng.choice((rng.randint(0, 99), 10**18)) for _ in range(size)]
        expected = [
            min(
                sum(min(groups[s - 1], penalty) if s == 1 else groups[s - 1] for s in split)
                for split in partitions(vehicles, size)
            )
            for vehicles in range(quantity + 1)
        ]
        assert box_values(quantity, penalty, groups) == expected, (size, quantity, penalty, groups)


def test_last_values_are_the_end_of_all_values(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for _ in range(num_worlds(10_000)):
        size, quantity, penalty = rng.randint(1, 7), rng.randint(0, 70), rng.randint(0, 50)
        groups = [
            rng.choice((rng.randint(0, 99), rng.randint(0, 20) * s, 10**18)) for s in range(1, size + 1)
        ]
        expected = box_values(quantity, penalty, groups)[-1 - size :]
        assert last_box_values(quantity, penalty, groups) == expected, (quantity, penalty, groups)


def test_last_values_of_a_million_vehicles_need_no_table_of_a_million():
    # a million is 333,332 full boxes of three and two boxes of two
    values = last_box_values(10**6, 45, [50, 60, 90])
    assert values == [333_331 * 90 + 2 * 60, 333_332 * 90 + 60, 333_333 * 90, 333_332 * 90 + 2 * 60]


def test_values_of_a_batch_worked_out_by_hand():
    # boxes of up to three for 50, 60, 90; leaving out for 45
    assert box_values(7, 45, [50, 60, 90]) == [0, 45, 60, 90, 120, 150, 180, 210]
    assert box_values(4, 10, [50, 60, 90]) == [0, 10, 20, 30, 40]


@dataclass(frozen=True)
class Ride:
    """An itinerary of a tiny batch: run 0 is loose."""

    run: int
    vehicle: int
    box: int

    def group(self, size: int) -> int:
        return size * self.vehicle + self.box


def tiny_batch(rng: Random) -> tuple[int, int, int, list[Ride]]:
    size, quantity, penalty = rng.randint(1, 4), rng.randint(1, 6), rng.randint(5, 60)
    boxes = {run: rng.randint(0, 90) if run else 0 for run in range(3)}
    runs = [rng.randrange(3) for _ in range(rng.randint(1, 4))]
    rides = [Ride(run, rng.randint(0, 50), boxes[run]) for run in runs]
    return size, quantity, penalty, rides


def choices(
    size: int, quantity: int, penalty: int, rides: list[Ride]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every choice in whole vehicles with its cost."""
    for counts in product(range(quantity + 1), repeat=len(rides)):
        left = quantity - sum(counts)
        if left < 0:
            continue
        cost = left * penalty + sum(n * ride.vehicle for n, ride in zip(counts, rides, strict=True))
        for run in {ride.run for ride in rides} - {0}:
            members = sum(n for n, ride in zip(counts, rides, strict=True) if ride.run == run)
            price = next(ride.box for ride in rides if ride.run == run)
            cost += price * -(-members // size)
        yield cost, counts


def groups_of(size: int, rides: list[Ride]) -> list[int]:
    return [min(ride.group(s) for ride in rides) for s in range(1, size + 1)]


def test_no_choice_is_cheaper_than_the_bound(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    tight = 0
    for _ in range(num_worlds(1_000)):
        size, quantity, penalty, rides = tiny_batch(rng)
        groups = groups_of(size, rides)
        bound = box_values(quantity, penalty, groups)[-1]
        best = min(cost for cost, _ in choices(size, quantity, penalty, rides))
        assert bound == best, "one batch alone: groups of different rides are a choice"
        linear = linear_value(quantity, penalty, groups[-1], size)
        assert linear <= bound
        tight += linear == bound
    assert tight


def test_itinerary_beyond_the_limit_is_in_no_choice_within_the_gap(
    num_worlds: Callable[[int], int], seed: int
):
    rng = Random(seed)
    cut = kept = 0
    for _ in range(num_worlds(1_000)):
        size, quantity, penalty, rides = tiny_batch(rng)
        groups = groups_of(size, rides)
        values = box_values(quantity, penalty, groups)
        gap = rng.choice((0, 0, 3, 10, 40))
        inside = {
            number
            for number, ride in enumerate(rides)
            for s in range(1, min(size, quantity) + 1)
            if ride.group(s) <= group_limit(values, groups, s, gap)
        }
        used = {
            number
            for cost, counts in choices(size, quantity, penalty, rides)
            if cost <= values[-1] + gap
            for number, count in enumerate(counts)
            if count
        }
        assert used <= inside, (size, quantity, penalty, rides, gap)
        cut += len(rides) - len(inside)
        kept += len(used)
    assert cut > kept / 4, "the limit cuts nothing"


@pytest.mark.parametrize(
    ("penalty", "full_group", "expected"),
    [(100, 90, 150), (20, 90, 100), (31, 100, 155), (34, 100, Fraction(500, 3))],
)
def test_full_boxes_count_by_the_vehicle_in_the_linear_bound(
    penalty: int, full_group: int, expected: Fraction
):
    assert linear_value(5, penalty, full_group, 3) == expected
