"""Columns against the costing of the plan, sources against their batches, flags of the storage rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from planner.costing import Costing
from planner.model import StorageTier
from planner.model.plans import PER_BOX, PER_PART, PER_VEHICLE
from planner.network.read_back import read_stages
from planner.solver.delivery import SCALE, Weights
from planner.solver.kernel import INFINITE
from planner.solver.objectives import CENTS, Goal
from tests.oracles.enumeration import ways_of
from tests.solver.rig import MONEY, TIME, Rig, random_row_prices, rig
from tests.tiny import tiny
from tests.worlds import random_world


def some_columns(made: Rig, rng: Random, most: int = 20):
    for batch in range(len(made.problem.batches)):
        prices = made.pricer.sweep(made.pricer.source_of(batch), 1, MONEY)
        found, _ = made.pricer.recover(batch, 1, MONEY, prices, int(INFINITE) - 1, max_paths=2_000)
        for cost, column in rng.sample(found, min(most, len(found))):
            yield batch, cost, column


def test_column_costs_what_the_plan_will_be_charged(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    boxed = 0
    for number in range(seed, seed + num_worlds(120)):
        world = random_world(number)
        made = rig(world)
        costing = Costing(world)
        for batch, cost, column in some_columns(made, rng):
            row = world.batches[batch]
            stages = read_stages(world, made.timetable, row, column.arcs)
            lines = costing.price(row, stages)
            vehicle = sum(line.unit_cents for line in lines if line.per == PER_VEHICLE)
            box = sum(line.unit_cents for line in lines if line.per == PER_BOX)
            part = sum(line.unit_cents for line in lines if line.per == PER_PART)
            has_paid = column.chain in made.parts.kept_parts[batch]
            name = f"random_world({number}) {row.id} {made.key_of(column)}"
            assert sum(column.part_prices) == (0 if has_paid else part), name
            assert (column.vehicle_cents, column.box_cents) == (vehicle, box), name
            assert cost == (vehicle + box) * SCALE, name
            assert column.minutes == stages[-1].end_min - row.ready_min, name
            assert all(before.end_min == after.start_min for before, after in pairwise(stages)), name
            boxed += column.run is not None
    assert boxed


def test_what_a_part_pays_once_is_spread_over_any_number_of_vehicles(
    num_worlds: Callable[[int], int], seed: int
):
    charged = 0
    for number in range(seed, seed + num_worlds(120)):
        made = rig(random_world(number))
        goal = Goal(CENTS, (0,) * len(made.problem.batches))
        for source in made.pricer.sources:
            if not source.part_of:
                continue
            for size, part_of in ((1, source.part_of), (source.vehicles_per_feu, 7)):
                prices = made.pricer.sweep(source, size, MONEY, part_of=part_of)
                batch = source.batches[0]
                found, _ = made.pricer.recover(batch, size, MONEY, prices, int(INFINITE) - 1, max_paths=200)
                for cost, column in found:
                    assert cost == goal.group_cost(column, size, part_of), f"random_world({number})"
                    charged += bool(column.part_prices)
    assert charged


CUSTOMS = """
    service barge plant -> port@24 price=10
    charge port unload mode=barge per=part price=100
    batch 7 car plant -> port
    batch 9 car plant -> port
"""


def test_batches_of_a_source_spread_it_over_the_largest_of_them():
    made = rig(tiny(CUSTOMS))
    assert [source.part_of for source in made.pricer.sources] == [9]
    made = rig(tiny(CUSTOMS.replace("charge port unload mode=barge", "charge port unload mode=rail")))
    assert [source.part_of for source in made.pricer.sources] == [0]


def test_batch_with_kept_vehicles_is_a_source_of_its_own_and_spreads_nothing():
    world = tiny(CUSTOMS)
    made = rig(world)
    (column,) = (column for _, column in made.recover_all(0, 1, MONEY))
    assert column.part_prices == (100,)
    kept = rig(replace(world, kept={world.batches[0].id: (made.itinerary(column, 2),)}))
    assert [(source.batches, source.part_of) for source in kept.pricer.sources] == [((0,), 0), ((1,), 9)]
    (joining,) = (column for _, column in kept.recover_all(0, 1, MONEY))
    assert (joining.arcs, joining.part_prices) == (column.arcs, ())


def test_batches_of_a_source_share_what_a_sweep_depends_on(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(200)):
        made = rig(random_world(number))
        served = [batch for source in made.pricer.sources for batch in source.batches]
        assert sorted(served) == list(range(len(made.problem.batches)))
        for source in made.pricer.sources:
            for batch in source.batches:
                row = made.problem.batches[batch]
                assert made.pricer.source_of(batch) is source
                assert (row.origin, row.ready_min) == (source.origin, source.ready_min)
                assert made.pricer.fares[batch] is source.fares


def test_batch_costs_the_same_alone_and_beside_others(num_worlds: Callable[[int], int], seed: int):
    """Nothing that one sweep leaves in the buffers may reach the next."""
    rng = Random(seed)
    for number in range(seed, seed + num_worlds(120)):
        world = random_world(number)
        together = rig(world)
        for _ in range(2):
            order = list(range(len(world.batches)))
            rng.shuffle(order)
            for batch in order:
                size = rng.choice(together.sizes(batch))
                alone = rig(replace(world, batches=(world.batches[batch],)))
                together.pricer.sweep(together.pricer.source_of(batch), size, MONEY)
                alone.pricer.sweep(alone.pricer.sources[0], size, MONEY)
                assert together.pricer.cheapest(batch, size, MONEY) == alone.pricer.cheapest(
                    0, size, MONEY
                ), f"random_world({number}) batch {batch}"


def test_one_sweep_serves_batches_with_other_due_dates_and_prices_of_lateness():
    made = rig(
        tiny("""
        service barge plant -> port@24 leaves=Mon,Wed,Fri price=40
        service rail plant -> port@10 leaves=Mon,Wed,Fri price=90
        batch 1 car plant -> port due=24
        batch 1 car plant -> port due=34
        batch 1 car plant -> port due=24 late=1440
        batch 1 car plant -> port due=84 early=240
        terms cost carrying=0 max_late=48
    """)
    )
    (source,) = made.pricer.sources
    assert source.batches == (0, 1, 2, 3)
    made.pricer.sweep(source, 1, MONEY)
    costs = [made.pricer.cheapest(batch, 1, MONEY) // SCALE for batch in range(4)]
    # delivered by barge at 32 and 80 h, by rail at 18 and 66 h; a day late costs 1440, a day early 240
    assert costs == [90, 40, 90, 80]


def test_no_itinerary_has_no_price():
    made = rig(
        tiny("""
        service barge plant -> port@24 price=40
        service barge2 port -> market@24 price=40
        batch 1 car plant -> market due=20
        batch 1 car market -> plant due=300
    """)
    )
    for batch in (0, 1):
        assert made.recover_all(batch, 1, MONEY) == []
        assert made.pricer.cheapest(batch, 1, MONEY) == INFINITE


def test_later_sweep_does_not_see_what_an_earlier_source_left_behind():
    made = rig(
        tiny("""
        service barge plant -> port@24 leaves=Mon,Thu price=40
        service barge2 other -> port@24 leaves=Mon,Thu price=50
        batch 1 car plant -> port ready=0 due=300
        batch 1 car other -> port ready=10 due=300
        batch 1 car plant -> port ready=10 due=30
    """)
    )
    for batch, least in ((0, 40), (1, 50), (2, None), (0, 40)):
        made.pricer.sweep(made.pricer.source_of(batch), 1, MONEY)
        value = made.pricer.cheapest(batch, 1, MONEY)
        assert value == (INFINITE if least is None else least * SCALE), batch


# --- what the flags of a storage rule promise -------------------------------------------------------------


def storage_world(rng: Random):
    """Cargo may come to the hub by many dispatches and leave by many rides; tiers at random."""
    rows = "\n".join(
        f"storage hub from={start} day={rng.choice((0, 1, 7, 20, 'x'))} once={rng.choice((0, 0, 15))}"
        for start in sorted(rng.sample(range(0, 96, 6), rng.randint(1, 3)))
    ).replace("x", f"{rng.randint(1, 99)}/7")
    limit = f" max={rng.randrange(24, 120, 6)}" if rng.random() < 0.3 else ""
    clock = rng.choice(("Europe/Berlin", "Asia/Shanghai", "Africa/Cairo"))
    road, quick, barge = rng.randint(0, 9), rng.randint(0, 60), rng.randint(10, 40)
    ready, handled = rng.randrange(0, 40), rng.choice((0, 8, 30, 52))
    return tiny(f"""
        place hub zone={clock}
        road plant -> hub hours={rng.randint(1, 9)} every={rng.choice((7, 9, 24))} price={road}
        service quick plant -> hub@5 leaves=Tue,Thu,Sat at=05:00 room=9 price={quick}
        service barge hub -> market@24 leaves=Mon,Wed,Fri,Sun at=20:00 until=2 room=9 price={barge}
        handling hub *->* loose->loose hours={handled}
        {rows}{limit}
        batch 1 car plant -> market ready={ready} due=300
    """)


def test_waiting_queues_drop_no_arrival_that_is_still_worth_it(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for number in range(num_worlds(600)):
        world = storage_world(rng)
        made = rig(world)
        ways = ways_of(world, world.batches[0])
        for row_prices in (None, random_row_prices(rng, made.timetable)):
            expected = made.least_by_minutes(0, ways, 1, MONEY, row_prices)
            found = made.values_by_minutes(0, 1, MONEY, row_prices)
            assert found == expected, f"world {number} of seed {seed}"


def test_arrival_that_is_dearer_to_wait_from_today_may_be_cheaper_tomorrow():
    """The first day costs 20 more: who has paid that already waits on for less than who has not."""
    made = rig(
        tiny("""
            service early plant -> hub@10 leaves=Mon at=00:00 price=50
            service late plant -> hub@10 leaves=Tue at=00:00 price=60
            service barge hub -> market@10 leaves=Tue,Wed at=20:00 price=1
            storage hub day=5 once=20
            batch 1 car plant -> market
        """)
    )
    values = made.values_by_minutes(0, 1, MONEY)
    # on Tuesday 50 + 25 early, 60 late; on Wednesday 50 + 30 early, 60 + 25 late
    assert [values[hours * 60] for hours in (54, 78)] == [61 * SCALE, 81 * SCALE]


def flags(*tiers: str, weights: Weights = MONEY) -> tuple[bool, bool, bool]:
    rows = "\n".join(f"storage hub {tier}" for tier in tiers)
    made = rig(
        tiny(f"""
        road plant -> hub hours=1
        road hub -> market hours=1
        {rows}
        batch 1 car plant -> market due=240
    """)
    )
    prices = made.pricer.sweep(made.pricer.sources[0], 1, weights)
    rule = made.timetable.rule_of["hub", "loose"]
    return bool(prices.rule_monotone[rule]), bool(prices.rule_settles[rule]), bool(prices.rule_free[rule])


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        (("day=5",), (True, True, False)),
        (("day=0",), (True, True, True)),
        (("day=0 max=48",), (True, True, False)),
        (("day=1/3",), (True, False, False)),  # rounded: not every day is charged the same
        (("day=5 once=3",), (True, False, False)),
        (("day=5", "from=72 day=9"), (True, True, False)),
        (("day=9", "from=72 day=5"), (False, False, False)),  # to come later may cost a dear day
        (("day=5 once=9", "from=96 day=9"), (True, False, False)),  # the dear step is the first of three days
    ],
)
def test_rule_is_known_for_what_it_is(tiers: tuple[str, ...], expected: tuple[bool, bool, bool]):
    assert flags(*tiers) == expected


def test_storage_counts_nothing_where_only_minutes_count():
    assert flags("day=9", "from=72 day=5", weights=TIME) == (True, True, True)


def test_a_rule_called_monotone_never_charges_the_later_arrival_more(num_worlds, seed):
    rng = Random(seed)
    for _ in range(num_worlds(3_000)):
        tiers, start = [], 0
        for _ in range(rng.randint(1, 3)):
            day = Fraction(rng.randint(0, 40), rng.choice((1, 3, 7)))
            tiers.append((start, day, Fraction(rng.choice((0, 0, 25)))))
            start += 60 * rng.choice((6, 24, 36, 72, 100))
        keys = [f"from={s // 60} day={day} once={once}" for s, day, once in tiers]
        monotone, settles, _ = flags(*keys)
        if not monotone:
            continue
        rows = [
            StorageTier(place_or_kind="hub", from_min=s, per="vehicle", price_per_day=day, once=once)
            for s, day, once in tiers
        ]
        for _ in range(20):
            early = 60 * rng.randrange(24 * 9)
            late = early + 60 * rng.randrange(1, 80)
            out = late + 60 * rng.randrange(24 * 20)
            longer = out + 60 * rng.randrange(24 * 9)
            assert charged(rows, late, out) <= charged(rows, early, out), keys
            if settles:
                before = charged(rows, early, out) - charged(rows, late, out)
                assert charged(rows, early, longer) - charged(rows, late, longer) >= before, keys


def charged(tiers: list[StorageTier], in_min: int, out_min: int) -> int:
    """Storage of one vehicle on a clock of UTC, straight from the rule."""
    reached = [max(0, out_min // 1440 - (in_min + tier.from_min) // 1440) for tier in tiers] + [0]
    total = 0
    for tier, days, later in zip(tiers, reached, reached[1:], strict=False):
        if days > later:
            total += int(np.floor(tier.price_per_day * (days - later) + tier.once + Fraction(1, 2)))
    return total
