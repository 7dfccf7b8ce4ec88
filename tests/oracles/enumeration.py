"""Oracle (i): every itinerary of every batch, written out one by one, and the best choice among all.

For tiny worlds only. Nothing is pruned on price, so the optimum found here is the optimum.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.oracles.dominance import useful
from tests.oracles.program import Optimum, Program
from tests.oracles.rules import Amount, BatchRules, Move, paid
from tests.oracles.ways import RunKey, TooLargeError, Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.model import Batch, Itinerary, Problem
    from tests.oracles.rules import DayUse, LegUse

__all__ = [
    "Optimum",
    "RunKey",
    "TooLargeError",
    "Way",
    "best_value",
    "is_possible",
    "kept_ways",
    "moves_of",
    "optimum",
    "ways_of",
    "without_parts",
]

MOST_ITINERARIES = 60_000

MoveKeys = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A move that cargo can take next, with all that is paid from the move before it to its end."""

    move: Move
    stuffs: bool
    money: Amount
    limited: frozenset[LegUse]
    days: frozenset[DayUse]


@dataclass(frozen=True, slots=True)
class _Walk:
    """Cargo that is free to move on."""

    money: Amount
    steps: tuple[_Step, ...]
    stuffed_at: str | None


def ways_of(problem: Problem, batch: Batch) -> list[Way]:
    """Every itinerary of a batch, whatever it costs."""
    rules = BatchRules(problem, batch)
    return _list_ways(rules, rules.moves())


def without_parts(batch: Batch) -> Batch:
    """The batch without what none of its ways hangs on: how parts count and what leaving out costs."""
    return replace(batch, unplanned_price=None, priority=0, max_parts=None, min_part=1, all_or_none=False)


def kept_ways(problem: Problem, batch: Batch) -> list[tuple[Way, int]]:
    """The itineraries of a batch that are kept, as ways, and their vehicles."""
    rules = BatchRules(problem, batch, booked=True)
    kept = problem.kept.get(batch.id, ())
    if not kept:
        return []
    moves = rules.moves()
    found = []
    for itinerary in kept:
        keys = moves_of(itinerary)
        own = _list_ways(rules, [move for move in moves if move.key in keys])
        ways = [way for way in own if way.moves == keys]
        assert len(ways) == 1, f"batch {batch.id}: kept {keys} is {len(ways)} ways"
        way = ways[0]
        if way.run is not None:  # in the boxes it was booked in
            way = replace(way, run=(*way.run, itinerary.box_run))
        found.append((way, itinerary.vehicles))
    return found


def is_possible(problem: Problem) -> bool:
    """True if what is kept breaks no rule when nobody else rides."""
    kept = [kept_ways(problem, batch) for batch in problem.batches]
    return Program(problem, [[] for _ in kept], kept).is_possible()


def moves_of(itinerary: Itinerary) -> MoveKeys:
    """Names of the rides and road dispatches of an itinerary of a plan."""
    moves: list[tuple[str, ...]] = []
    for stage in itinerary.stages:
        if stage.kind == "road":
            moves.append(("road", stage.from_place, stage.to_place, stage.from_form, str(stage.start_min)))
        elif stage.kind == "ride":
            assert stage.departure_day is not None
            ends = str(stage.board_seq), str(stage.alight_seq)
            moves.append((str(stage.service_id), stage.departure_day.isoformat(), *ends))
    return tuple(moves)


def _list_ways(rules: BatchRules, moves: Sequence[Move]) -> list[Way]:
    batch = rules.batch
    moves_from: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        moves_from[move.from_place].append(move)
    # what can follow a move, and its price, hang on nothing before it but on where cargo was stuffed
    steps: dict[tuple[str, ...], list[_Step]] = {}
    limits = {move.key: (frozenset(move.limited), frozenset(move.days)) for move in moves}
    ends: dict[tuple[str, ...], tuple[int, Amount] | None] = {}
    ways: list[Way] = []
    stack = [_Walk(Amount(), (), batch.origin if rules.first_form == "boxed" else None)]
    while stack:
        walk = stack.pop()
        last = walk.steps[-1].move if walk.steps else None
        key = last.key if last is not None else ()
        if last is not None and last.to_place == batch.destination:
            if key not in ends:
                ends[key] = _end(rules, last)
            ways += _delivered(rules, walk, ends[key])
            if len(ways) > MOST_ITINERARIES:
                raise TooLargeError(f"batch {batch.id} has over {MOST_ITINERARIES} itineraries")
            continue
        if key not in steps:
            steps[key] = _steps(
                rules, last, moves_from[last.to_place if last is not None else batch.origin], limits
            )
        seen = {step.move.from_place for step in walk.steps}
        for step in steps[key]:
            move = step.move
            if move.to_place not in seen and not (step.stuffs and walk.stuffed_at is not None):
                stuffed_at = move.from_place if step.stuffs else walk.stuffed_at
                stack.append(_Walk(walk.money + step.money, (*walk.steps, step), stuffed_at))
    return ways


def _steps(
    rules: BatchRules,
    last: Move | None,
    moves: Sequence[Move],
    limits: Mapping[tuple[str, ...], tuple[frozenset[LegUse], frozenset[DayUse]]],
) -> list[_Step]:
    """Every move that can be reached after another, or from the start."""
    place, mode, form = rules.batch.origin, "origin", rules.first_form
    free_min, after_min = rules.batch.ready_min, 0
    if last is not None:
        # the charges of the last move make the handling after it longer
        place, mode, form = last.to_place, last.mode, last.form
        free_min, after_min = last.free_min, last.after_min
    found = []
    lines: dict[tuple[str, str], Amount] = {}
    for move in moves:
        row = rules.handling(place, mode, move.mode, form, move.form)
        if row is None or free_min + after_min + row.handling_min + move.before_min > move.gate_min:
            continue
        dwell = rules.storage(place, move.form, free_min, move.gate_min)
        if dwell is not None:
            stuffs = (form, move.form) == ("loose", "boxed")
            change = move.mode, move.form
            if change not in lines:
                lines[change] = paid(row.per, row.price)
            money = lines[change] + dwell + move.money
            limited, days = limits[move.key]
            found.append(_Step(move, stuffs, money, limited, days))
    return found


def _end(rules: BatchRules, last: Move) -> tuple[int, Amount] | None:
    """When cargo is delivered after its last move, and what it pays then; ``None`` = not possible in time."""
    row = rules.handling(last.to_place, last.mode, "delivery", last.form, rules.first_form)
    # delivering loose cargo boxed would be stuffing at the door: no type is first loose and delivered boxed
    if row is None:
        return None
    done = last.free_min + last.after_min + row.handling_min
    return None if done > rules.latest else (done, paid(row.per, row.price) + rules.at_delivery(done))


def _delivered(rules: BatchRules, walk: _Walk, end: tuple[int, Amount] | None) -> Iterator[Way]:
    if end is None:
        return
    moves = [step.move for step in walk.steps]
    if rules.batch.via:
        changes = {move.to_place for move in moves[:-1]}
        if not changes.union(*(move.passed for move in moves)) >= set(rules.batch.via):
            return
    if not {move.mode for move in moves} >= set(rules.batch.needed_modes):
        return
    done, money = end
    yield _way(rules, walk, moves, walk.money + money, done - rules.batch.ready_min)


def _way(rules: BatchRules, walk: _Walk, moves: Sequence[Move], money: Amount, minutes: int) -> Way:
    boxed = tuple(move.key for move in moves if move.form == "boxed")
    assert boxed or money.box == 0, "a box line without a box"
    grams = sum((move.grams for move in moves), Amount())
    match rules.problem.terms.objective:
        case "cost":
            counts = money
        case "time":
            counts = Amount(vehicle=minutes)
        case "co2e":
            counts = grams
        case "blend":
            carbon = sum((move.carbon for move in moves), Amount())
            counts = money + carbon + Amount(vehicle=rules.day_cents(minutes))
    services = rules.network.services
    chartered = [m for m in moves if m.departure is not None and services[m.departure[0]].is_chartered]
    first = moves[0]
    return Way(
        moves=tuple(move.key for move in moves),
        chain=tuple(move.key for move in moves if move.departure is not None),
        vehicle_cents=money.vehicle,
        minutes=minutes,
        vehicle_grams=grams.vehicle,
        box_grams=grams.box,
        vehicle_value=counts.vehicle,
        box_value=counts.box,
        part_cents=money.part,
        part_value=counts.part,
        run=(walk.stuffed_at, boxed, money.box) if boxed and walk.stuffed_at else None,
        uses=frozenset().union(*(step.limited for step in walk.steps)),
        days=frozenset(rules.place_day(rules.batch.origin, rules.first_form, first.leave_min)).union(
            *(step.days for step in walk.steps)
        ),
        charters=tuple(sorted(m.departure for m in chartered if m.departure is not None)),
        charter_legs=frozenset(use for move in chartered for use in move.uses),
    )


def optimum(problem: Problem, ways: Sequence[Sequence[Way]] | None = None) -> Optimum:
    """Best plan of a tiny world; ``time``, ``co2e``: the cheapest among the best."""
    program = _program(problem, ways)
    best = program.best(program.value)
    if problem.terms.objective in ("cost", "blend"):
        return best
    # not more: with ``==`` the search for the cheapest among the best once took minutes instead of a moment
    program.model.add(program.value <= best.value)
    return replace(program.best(program.money), value=best.value)


def best_value(problem: Problem, ways: Sequence[Sequence[Way]] | None = None) -> int:
    """Value of the best plans of a tiny world, whichever of them is the cheapest."""
    program = _program(problem, ways)
    return program.best(program.value).value


def _program(problem: Problem, ways: Sequence[Sequence[Way]] | None) -> Program:
    kept = [kept_ways(problem, batch) for batch in problem.batches]
    if ways is None:
        # of a batch that is kept to the last vehicle nobody is left to choose a way
        ways = [
            ways_of(problem, batch) if batch.vehicles > sum(count for _, count in own) else []
            for batch, own in zip(problem.batches, kept, strict=True)
        ]
    left = [useful(problem, number, of_batch) for number, of_batch in enumerate(ways)]
    return Program(problem, left, kept)
