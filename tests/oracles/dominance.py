"""Ways that the optimum can do without, so that the program of the oracle stays small."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from planner.model import Problem
    from tests.oracles.ways import RunKey, Way


def useful(problem: Problem, number: int, ways: Sequence[Way]) -> list[Way]:
    """Ways without those that another of the batch replaces in any plan at no loss.

    Within a run a way goes if another counts and costs no more and uses nothing limited that it does not use.
    A whole run goes if another has boxes no dearer and so replaces each of its ways: all its vehicles can
    move there together, and one run never needs more boxes than two. Where parts are counted, or pay
    something once, vehicles stay in their part, and runs that several parts share stay; where a departure
    needs a least load, vehicles stay aboard, and so do their boxes.
    """
    batch = problem.batches[number]
    parts_count = batch.max_parts is not None or batch.all_or_none or batch.least_part > 1
    chains: dict[object, list[Way]] = defaultdict(list)
    for way in ways:
        chains[way.chain if parts_count or way.part_cents else None].append(way)
    riders = Counter(run for chain in chains.values() for run in {way.run for way in chain})
    shared = {run for run, count in riders.items() if count > 1}
    return [way for chain in chains.values() for way in _useful(problem, chain, shared)]


def _useful(problem: Problem, ways: Sequence[Way], shared: Collection[RunKey | None]) -> list[Way]:
    needy = {service.id for service in problem.network.services.values() if service.min_load}
    runs: dict[RunKey | None, list[Way]] = defaultdict(list)
    for way in sorted(ways, key=_rank):
        if not any(_replaces(other, way, needy) for other in runs[way.run]):
            runs[way.run].append(way)
    never_boxed = runs.pop(None, [])
    left: list[list[Way]] = []
    for run in sorted(runs, key=lambda run: (run[2], -len(runs[run]), run)):
        if run in shared or not _has_better(left, runs[run], needy):
            left.append(runs[run])
    return [*never_boxed, *(way for kept in left for way in kept)]


def _rank(way: Way) -> tuple[object, ...]:
    size = len(way.uses) + len(way.days) + len(way.charter_legs)
    return way.vehicle_value, way.vehicle_cents, way.minutes, size, way.moves


def _has_better(runs: Sequence[Sequence[Way]], worse: Sequence[Way], needy: set[str]) -> bool:
    """True if one of other runs has boxes no dearer and replaces each way of this one."""
    # fewer boxes may be too few for a least load
    if any(departure[0] in needy for way in worse for departure in way.charters):
        return False
    value, cents = _box(worse[0])
    for better in runs:
        other_value, other_cents = _box(better[0])
        if (
            other_value <= value
            and other_cents <= cents
            and all(any(_replaces(o, w, needy) for o in better) for w in worse)
        ):
            return True
    return False


def _box(way: Way) -> tuple[int, int]:
    """What a box of the run of a way counts and costs."""
    return way.box_value, way.run[2] if way.run else 0


def _replaces(better: Way, worse: Way, needy: set[str]) -> bool:
    """True if a vehicle can always move from the worse way to the better."""
    return (
        better.vehicle_value <= worse.vehicle_value
        and better.vehicle_cents <= worse.vehicle_cents
        and better.uses <= worse.uses
        and better.days <= worse.days
        and better.charter_legs <= worse.charter_legs
        and (
            not needy
            or [d for d in better.charters if d[0] in needy] == [d for d in worse.charters if d[0] in needy]
        )
    )
