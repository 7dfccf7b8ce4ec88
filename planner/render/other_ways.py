"""What a batch could do instead, in words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import from_minutes
from planner.model.problem import CO2E, TIME
from planner.render.words import decimal_days, mass, objective_text
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.other_ways import OtherWay, OtherWays
    from planner.model.plans import Plan
    from planner.model.problem import Problem


def other_ways_rows(problem: Problem, plan: Plan, ways: OtherWays) -> Iterator[tuple[str, str]]:
    """Head and text of what could be done instead, what would be better, and why it is late."""
    unsure = "" if ways.is_sure else ", as far as was looked"
    if ways.next_best is None:
        yield "Instead", f"nothing else has room{unsure}"
    else:
        yield "Instead", _text(problem, plan, ways.next_best)
    best = ways.best_of_all
    if best is not None and (ways.next_best is None or best.more < ways.next_best.more):
        head = "Better" if best.more < 0 else "No room"
        yield head, _text(problem, plan, best)
    if ways.is_late:
        yield from _late_rows(problem, plan, ways, unsure)


def _late_rows(problem: Problem, plan: Plan, ways: OtherWays, unsure: str) -> Iterator[tuple[str, str]]:
    if ways.in_time is None and ways.in_time_of_all is None:
        yield "Why late", f"no itinerary gets there in time{unsure}"
    elif ways.in_time is None:
        yield "Why late", "nothing that gets there in time has room"
    else:
        yield "Why late", f"in time is {_text(problem, plan, ways.in_time)}"
    best = ways.in_time_of_all
    if best is not None and (ways.in_time is None or best.more < ways.in_time.more):
        yield "", f"in time were {_text(problem, plan, best)}"


def _text(problem: Problem, plan: Plan, way: OtherWay) -> str:
    """The rides, what a vehicle counts more or less, when it is delivered, what has no room for it."""
    rides = ", ".join(f"{stage.service_id} of {stage.departure_day}" for stage in way.itinerary.chain)
    zone = problem.network.places[way.itinerary.stages[-1].to_place].time_zone
    delivered = f"{from_minutes(way.itinerary.delivered_min, zone):%Y-%m-%d %H:%M}"
    text = f"{rides or 'by road alone'}, delivered {delivered}: {_more(plan, way.more)}"
    if not way.short_of:
        return text
    first, *others = way.short_of
    worth = f" (one more is worth about {objective_text(plan, first.unit_value)})" if first.unit_value else ""
    more = f", and {len(others)} more limits" if others else ""
    return f"{text}; no room: {first.where}{worth}{more}"


def _more(plan: Plan, more: Fraction) -> str:
    """``12.34 USD a vehicle more``."""
    size = abs(more)
    if plan.objective == TIME:
        amount = f"{decimal_days(size)} days"
    elif plan.objective == CO2E:
        amount = f"{mass(size)} a vehicle"
    else:
        cents = round_half_up(size)
        amount = f"{cents // 100:,}.{cents % 100:02d} {plan.currency} a vehicle"
    return f"{amount} {'more' if more >= 0 else 'less'}"
