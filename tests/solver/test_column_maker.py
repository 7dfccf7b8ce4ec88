"""Columns are made once, and made again alike where there was no room to keep them."""

from __future__ import annotations

from planner.solver import column_maker
from planner.solver.kernel import INFINITE
from tests.solver.rig import MONEY, rig
from tests.worlds import random_world


def listed(pricer, size: int = 1):
    columns = []
    for source in pricer.sources:
        prices = pricer.sweep(source, size, MONEY)
        for batch in source.batches:
            found, _ = pricer.recover(batch, size, MONEY, prices, int(INFINITE) - 1, max_paths=500)
            columns += [column for _, column in found]
    return columns


def test_no_column_is_made_twice(seed: int):
    pricer = rig(random_world(seed)).pricer
    first, again = listed(pricer), listed(pricer)
    assert len(first) > 1
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_a_pricer_of_other_batches_makes_its_own(seed: int):
    world = random_world(seed)
    pricer = rig(world).pricer
    kept = listed(pricer)[0]
    other = pricer.for_batches(world).column(kept.batch, kept.arcs)
    assert other == kept
    assert other is not kept


def test_what_is_not_kept_is_made_again(seed: int, monkeypatch):
    monkeypatch.setattr(column_maker, "MOST_KEPT", 1)
    pricer = rig(random_world(seed)).pricer
    first, again = listed(pricer), listed(pricer)
    assert first == again
    assert not any(one is other for one, other in zip(first, again, strict=True))
