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
    from collections.abc import Iterator, Sequence

    from planner.model import Batch, Itinerary, Problem

__all__ = [
    "Optimum",
    "RunKey",
    "TooLargeError",
    "Way",
    "is_possible",
    "kept_ways",
    "moves_of",
    "optimum",
    "ways_of",
]

MOST_ITINERARIES = 60_000

MoveKeys = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Walk:
    """Cargo that is free to move on."""

    place: str
    mode: str
    form: str
    free_min: int
    money: Amount
    moves: tuple[Move, ...]
    stuffed_at: str | None

    def visited(self) -> set[str]:
        return {self.place, *(move.from_place for move in self.moves)}

    def after_min(self) -> int:
        """How much longer the charges of the last move make the handling after it."""
        return self.moves[-1].after_min if self.moves else 0


def ways_of(problem: Problem, batch: Batch) -> list[Way]:
    """Every itinerary of a batch, whatever it costs."""
    rules = BatchRules(problem, batch)
    return _list_ways(rules, rules.moves())


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
    start = _Walk(
        place=batch.origin,
        mode="origin",
        form=rules.first_form,
        free_min=batch.ready_min,
        money=Amount(),
        moves=(),
        stuffed_at=batch.origin if rules.first_form == "boxed" else None,
    )
    ways: list[Way] = []
    stack = [start]
    while stack:
        walk = stack.pop()
        if walk.place == batch.destination:
            ways += _delivered(rules, walk)
            if len(ways) > MOST_ITINERARIES:
                raise TooLargeError(f"batch {batch.id} has over {MOST_ITINERARIES} itineraries")
            continue
        seen = walk.visited()
        for move in moves_from[walk.place]:
            if move.to_place not in seen:
                stack += _moved(rules, walk, move)
    return ways


def _moved(rules: BatchRules, walk: _Walk, move: Move) -> Iterator[_Walk]:
    row = rules.handling(walk.place, walk.mode, move.mode, walk.form, move.form)
    if row is None:
        return
    handled = walk.free_min + walk.after_min() + row.handling_min + move.before_min
    stuffs = (walk.form, move.form) == ("loose", "boxed")
    if handled > move.gate_min or (stuffs and walk.stuffed_at is not None):
        return
    dwell = rules.storage(walk.place, move.form, walk.free_min, move.gate_min)
    if dwell is None:
        return
    yield _Walk(
        place=move.to_place,
        mode=move.mode,
        form=move.form,
        free_min=move.free_min,
        money=walk.money + paid(row.per, row.price) + dwell + move.money,
        moves=(*walk.moves, move),
        stuffed_at=walk.place if stuffs else walk.stuffed_at,
    )


def _delivered(rules: BatchRules, walk: _Walk) -> Iterator[Way]:
    row = rules.handling(walk.place, walk.mode, "delivery", walk.form, rules.first_form)
    # delivering loose cargo boxed would be stuffing at the door: no type is first loose and delivered boxed
    if row is None:
        return
    done = walk.free_min + walk.after_min() + row.handling_min
    changes = {move.to_place for move in walk.moves[:-1]}
    met = changes.union(*(move.passed for move in walk.moves))
    ridden = {move.mode for move in walk.moves}
    if done > rules.latest or not met >= set(rules.batch.via) or not ridden >= set(rules.batch.needed_modes):
        return
    money = walk.money + paid(row.per, row.price) + rules.at_delivery(done)
    yield _way(rules, walk, money, done - rules.batch.ready_min)


def _way(rules: BatchRules, walk: _Walk, money: Amount, minutes: int) -> Way:
    moves = walk.moves
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
        uses=frozenset(use for move in moves for use in move.limited),
        days=frozenset(use for move in moves for use in move.days)
        | frozenset(rules.place_day(rules.batch.origin, rules.first_form, first.leave_min)),
        charters=tuple(sorted(m.departure for m in chartered if m.departure is not None)),
        charter_legs=frozenset(use for move in chartered for use in move.uses),
    )


def optimum(problem: Problem, ways: Sequence[Sequence[Way]] | None = None) -> Optimum:
    """Best plan of a tiny world; ``time``, ``co2e``: the cheapest among the best."""
    if ways is None:
        ways = [ways_of(problem, batch) for batch in problem.batches]
    kept = [kept_ways(problem, batch) for batch in problem.batches]
    left = [useful(problem, number, of_batch) for number, of_batch in enumerate(ways)]
    program = Program(problem, left, kept)
    best = program.best(program.value)
    if problem.terms.objective in ("cost", "blend"):
        return best
    # not more: with ``==`` the search for the cheapest among the best once took minutes instead of a moment
    program.model.add(program.value <= best.value)
    return replace(program.best(program.money), value=best.value)
