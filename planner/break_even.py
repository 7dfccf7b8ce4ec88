"""At which price of the train, and at which value of a day, the choice of a batch flips.

A batch *goes by train* if at least one of its boxes rides one of the trains asked about (those of
:func:`~planner.what_if.export_trains`). Its choice is the best it can do with all others left as planned, so
each figure is exact: found by planning the batch again where two of its choices would cost the same.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from planner.model.break_evens import MOST_DAY_USD, BreakEven
from planner.model.problem import BLEND, COST
from planner.solver.alone import Alone, Answer, export_pairs
from planner.units import MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.model.ids import BatchId
    from planner.model.problem import Problem
    from planner.model.results import SolveOptions
    from planner.solve import Found

MOST_AWAY = 3
"""Cents beside where two lines cross in which a figure is looked for."""
OBJECTIVES = (COST, BLEND)
"""What a price can be weighed against."""


def break_evens(
    found: Found, options: SolveOptions, batches: Iterable[int], should_stop: Callable[[], bool] | None = None
) -> Iterator[BreakEven]:
    """Break-even figures of batches of a plan, by their numbers, in that order.

    Raises
    ------
    ValueError
        If the objective counts no money.
    """
    bench = found.bench
    if bench.problem.terms.objective not in OBJECTIVES:
        raise ValueError(f"{bench.problem.terms.objective} counts no money")
    asked_pairs = export_pairs(bench.problem, bench.timetable.pairs)
    for batch in batches:
        if should_stop is not None and should_stop():
            return
        alone = Alone(bench, found.whole.choice, batch, asked_pairs, options)
        yield _BreakEvens(alone, bench.problem).of(bench.problem.batches[batch].id)


def most_day_value(problem: Problem) -> Fraction:
    """Whole cents of a vehicle-day up to which a flip is looked for, in the reporting currency."""
    return Fraction(round_half_up(MOST_DAY_USD * problem.network.usd_price))


def _day_value(problem: Problem) -> Fraction:
    return problem.terms.day_value if problem.terms.objective == BLEND else Fraction(0)


class _BreakEvens:
    """Asks a batch as seldom as it can."""

    def __init__(self, alone: Alone, problem: Problem) -> None:
        self._alone = alone
        self._day_values = _day_value(problem), most_day_value(problem)
        self._is_exact = True
        self._pays: dict[int, bool] = {}

    def of(self, batch_id: BatchId) -> BreakEven:
        today, without = self._ask(), self._note(self._alone.ask_without_trains())
        flip = self._flip_by_price(today, without)
        return BreakEven(
            batch_id=batch_id,
            by_train=bool(today.boxes),
            extra_cents=None if flip is None else flip[0],
            freight_cents=None if flip is None else flip[1],
            left_out=max(0, today.planned - without.planned),
            day_value_cents=self._flip_by_day(today),
            is_exact=self._is_exact,
        )

    def _ask(self, *, extra: int = 0, day_value: Fraction | None = None) -> Answer:
        return self._note(self._alone.ask(extra=extra, day_value=day_value))

    def _note(self, answer: Answer) -> Answer:
        self._is_exact &= answer.is_proven
        return answer

    def _flip_by_price(self, today: Answer, without: Answer) -> tuple[int, int] | None:
        """Most cents more a box at which the batch still goes by train, and the freight of its boxes today.

        What it counts by train rises with the price, ever slower as boxes leave; where it meets what the
        batch counts without trains is come to from below (Newton's method on a concave function).
        """
        by_train = today if today.boxes else self._ask(extra=-self._alone.most_freight())
        if not by_train.boxes:
            return None
        while True:
            extra = floor(Fraction(without.value - by_train.value, by_train.boxes))
            # One cent more than this: either no box rides any more, or less boxes do.
            beyond = self._ask(extra=extra + 1)
            if not beyond.boxes or beyond.dear_value >= without.value:
                break
            by_train = beyond
        freight = floor(Fraction(by_train.freight_cents, by_train.boxes))
        return None if extra + freight < 0 else (extra, freight)

    def _flip_by_day(self, today: Answer) -> int | None:
        low, high = self._day_values
        for flip, before, after in self._changes(low, today, high, self._ask(day_value=high)):
            if after.planned != before.planned:
                break  # from here on days cost more than leaving out
            if bool(after.boxes) != bool(before.boxes):
                return self._whole_cents(flip, before, after)
        return None

    def _whole_cents(self, flip: Fraction, before: Answer, after: Answer) -> int | None:
        """Whole cents a cent below and above which the choices differ.

        What a day counts is rounded once a vehicle, so where the choices are of nearly equal length the
        figure may lie a little beside where their lines cross.
        """
        nearest = round_half_up(flip)
        days = Fraction(abs(after.vehicle_min - before.vehicle_min), MINUTES_PER_DAY)
        if days > 2 * before.planned:
            return nearest
        for away in range(MOST_AWAY + 1):
            for cents in dict.fromkeys((nearest + away, nearest - away)):
                if cents >= 1 and self._train_pays(cents - 1) != self._train_pays(cents + 1):
                    return cents
        return None

    def _train_pays(self, day_value: int) -> bool:
        """Whether the best choice at a value of a day is better than the best without trains."""
        if day_value not in self._pays:
            value = Fraction(day_value)
            best, without = self._ask(day_value=value), self._alone.ask_without_trains(day_value=value)
            self._pays[day_value] = best.value < self._note(without).value
        return self._pays[day_value]

    def _changes(
        self, low: Fraction, at_low: Answer, high: Fraction, at_high: Answer
    ) -> Iterator[tuple[Fraction, Answer, Answer]]:
        """Values of a day at which the best choice changes, ascending, with the choices on both sides.

        Every choice is a line over the value of a day. Between two choices nothing lies below where their
        lines cross, or a third does, and both sides of it are asked (Eisner, Severance, *Mathematical
        techniques for efficient record segmentation in large shared databases*, 1976).
        """
        if at_low.vehicle_min == at_high.vehicle_min:
            return
        more, less = at_high.rest_cents - at_low.rest_cents, at_low.vehicle_min - at_high.vehicle_min
        cross = Fraction(more, less) * MINUTES_PER_DAY
        if not low < cross < high:
            return
        between = self._ask(day_value=cross)
        if _line(between, cross) >= _line(at_low, cross):
            yield cross, at_low, at_high
            return
        yield from self._changes(low, at_low, cross, between)
        yield from self._changes(cross, between, high, at_high)


def _line(answer: Answer, day_value: Fraction) -> Fraction:
    return answer.rest_cents + day_value * answer.vehicle_min / MINUTES_PER_DAY
