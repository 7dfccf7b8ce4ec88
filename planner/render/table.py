"""A plan on one screen: what a planner looks at first, in the order in which a boss asks.

Does everything go, and in time? What does it cost, and how good is that? How does it go, and what is paid
for? What became of the 15 days? Who stays behind, and why? What is full, and what is more room worth?
Every function returns something for rich to draw; nothing is printed here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from planner.clock import from_minutes
from planner.costing import cost_by_kind
from planner.model.problem import TIME
from planner.model.results import OPTIMAL
from planner.render.summary import REFERENCE_RAIL_MIN, mean, summarise
from planner.units import HUNDREDTHS, MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from planner.model.plans import Plan
    from planner.model.problem import Network, Problem
    from planner.model.results import Result
    from planner.render.summary import AgainstBaseline, DepartureUse, LeftOut, ModeShare, Summary

WIDTH = 100
"""Columns that everything fits into; used as it is where no terminal tells its own width."""
MOST_LEFT_OUT = 5
MOST_DEPARTURES = 6
MOST_REASONS = 2
_HEAD = "bold"
_FAINT = "dim"
_BAD = "bold red"
_HUNDREDTH_UNITS = ("ceu", "cbm")
_UNIT_NAMES = {"ceu": "CEU", "feu": "FEU", "vehicle": "vehicles"}


def plan_view(problem: Problem, result: Result, plan_sha256: str) -> RenderableType:
    """The screen of a plan."""
    plan = result.plan
    summary = summarise(problem, plan)
    blocks: list[RenderableType] = [_headline(problem, result, summary)]
    if summary.planned:
        ways = Group(_modes(summary.shares, plan.currency), Text(), _against_baseline(summary.baseline, plan))
        blocks += [Text(), SideBySide(ways, _money(plan))]
    if summary.left_out:
        blocks += [Text(), *_left_out(summary.left_out)]
    if summary.departures:
        blocks += [Text(), *_departures(problem.network, plan, summary.departures)]
    return Group(*blocks, Text(), Text(f"plan {plan_sha256}", style=_FAINT))


class SideBySide:
    """Two blocks beside each other where the screen is wide enough, else one below the other."""

    _BETWEEN = 4

    def __init__(self, left: RenderableType, right: RenderableType) -> None:
        self._left = left
        self._right = right

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        blocks = (self._left, self._right)
        needed = sum(console.measure(block, options=options).maximum for block in blocks)
        if needed + self._BETWEEN > options.max_width:
            yield Group(self._left, Text(), self._right)
            return
        grid = Table.grid(padding=(0, self._BETWEEN))
        grid.add_row(self._left, self._right)
        yield grid


def _headline(problem: Problem, result: Result, summary: Summary) -> RenderableType:
    plan = result.plan
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=_HEAD)
    grid.add_column()
    grid.add_row("Asked", _asked(problem, summary))
    grid.add_row("Planned", _planned(summary))
    if summary.planned:
        on_time = summary.planned - summary.late
        late = f"; {summary.late:,} late" if summary.late else ""
        grid.add_row("On time", f"{on_time:,} vehicles ({percent(on_time, summary.planned)}){late}")
        each = money(mean(plan.cents, summary.planned), plan.currency)
        grid.add_row(
            "Cost", f"{money(plan.cents, plan.currency)}, {each} a vehicle, capital on the way included"
        )
        days = decimal_days(mean(plan.vehicle_min, summary.planned))
        grid.add_row("Door to door", f"{days} days on average; {summary.boxes:,} boxes of 40 ft")
    grid.add_row("Proof", "\n".join(_proof(plan, result)))
    return grid


def _asked(problem: Problem, summary: Summary) -> str:
    ready = sorted(
        from_minutes(batch.ready_min, problem.network.places[batch.origin].time_zone).date()
        for batch in problem.batches
    )
    number = len(problem.batches)
    best = "the fewest vehicle-days" if problem.terms.objective == TIME else "the lowest cost"
    return (
        f"{summary.vehicles:,} vehicles in {number:,} {plural(number, 'batch')}, "
        f"ready {ready[0]} to {ready[-1]}, at {best}"
    )


def _planned(summary: Summary) -> Text:
    text = Text(f"{summary.planned:,} vehicles ({percent(summary.planned, summary.vehicles)})")
    if summary.left_out:
        number = len(summary.left_out)
        text.append("; ")
        text.append(f"{summary.vehicles - summary.planned:,} left out", style=_BAD)
        text.append(f" in {number:,} {plural(number, 'batch')}")
    return text


def _proof(plan: Plan, result: Result) -> Iterator[str]:
    """How far from the best possible, in words, and the figures it follows from."""
    limit = (result.stopped_by or "").replace("_", " ")
    stopped = f"; stopped by: {limit}" if limit else ""
    if result.status == OPTIMAL:
        yield f"{result.status}: no plan is better{stopped}"
    elif plan.bound is None:
        yield f"{result.status}: no bound was computed{stopped}"
    else:
        gap = "" if plan.gap is None else f" ({gap_percent(plan)})"
        above = objective_text(plan, plan.value - plan.bound)
        yield f"{result.status}: at most {above}{gap} above the best possible{stopped}"
    value = f"value {objective_text(plan, plan.value)}"
    if plan.penalty:
        value += f", {objective_text(plan, plan.penalty)} of it for vehicles left out"
    yield value
    bounds = [
        f"{name} {objective_text(plan, bound)}"
        for name, bound in (("box bound", plan.bound), ("LP bound", plan.lp_bound))
        if bound is not None
    ]
    if bounds:
        yield ", ".join(bounds)


def _modes(shares: Sequence[ModeShare], currency: str) -> RenderableType:
    table = bare_table(
        "Main ride", ">vehicles", ">share", ">boxed", ">by barge", ">days", f">{currency} each"
    )
    planned = sum(share.vehicles for share in shares)
    for share in shares:
        table.add_row(
            share.mode.replace("_", " "),
            f"{share.vehicles:,}",
            percent(share.vehicles, planned),
            percent(share.boxed, share.vehicles),
            percent(share.by_river, share.vehicles),
            decimal_days(mean(share.door_min, share.vehicles)),
            whole(mean(share.cents, share.vehicles)),
        )
    return table


def _against_baseline(against: AgainstBaseline, plan: Plan) -> RenderableType:
    """The 15 days: on the rails alone, and from door to door."""
    table = bare_table("Against 15 days by train", ">vehicles", ">plan", ">baseline", ">no worse")
    reference = decimal_days(REFERENCE_RAIL_MIN)
    if against.rail_vehicles:
        table.add_row(
            "days on the train",
            f"{against.rail_vehicles:,}",
            decimal_days(mean(against.rail_min, against.rail_vehicles)),
            reference,
            percent(against.rail_within, against.rail_vehicles),
        )
    if against.vehicles:
        compared = f"{against.vehicles:,}"
        table.add_row(
            "days door to door",
            compared,
            decimal_days(mean(against.door_min, against.vehicles)),
            decimal_days(mean(against.base_door_min, against.vehicles)),
            percent(against.as_fast, against.vehicles),
        )
        table.add_row(
            f"{plan.currency} a vehicle",
            compared,
            whole(mean(against.cents, against.vehicles)),
            whole(mean(against.base_cents, against.vehicles)),
            percent(against.as_cheap, against.vehicles),
        )
    for reason, vehicles in against.without[:MOST_REASONS]:
        table.add_row(f"no baseline: {reason}", f"{vehicles:,}")
    rest = against.without[MOST_REASONS:]
    if rest:
        table.add_row("no baseline: other reasons", f"{sum(vehicles for _, vehicles in rest):,}")
    return table


def _money(plan: Plan) -> RenderableType:
    table = bare_table("Paid for", f">{plan.currency}", ">share")
    spent = {kind: cents for kind, cents in cost_by_kind(plan).items() if cents}
    for kind, cents in sorted(spent.items(), key=lambda item: -item[1]):
        table.add_row(kind.replace("_", " "), whole(cents), percent(cents, plan.cents))
    table.add_row(Text("total", style=_HEAD), Text(whole(plan.cents), style=_HEAD), "")
    return table


def _left_out(rows: Sequence[LeftOut]) -> Iterator[RenderableType]:
    table = bare_table("Left out", ">vehicles", "why", "facts")
    for row in rows[:MOST_LEFT_OUT]:
        vehicles = f"{row.unplanned.vehicles:,} of {row.batch.vehicles:,}"
        table.add_row(row.batch.id, vehicles, row.unplanned.reason.replace("_", " "), row.unplanned.facts)
    yield table
    rest = rows[MOST_LEFT_OUT:]
    if rest:
        number = sum(row.unplanned.vehicles for row in rest)
        yield Text(
            f"and {len(rest):,} more {plural(len(rest), 'batch')} ({number:,} vehicles): "
            "all of them in plan.json (--out DIR, or --json)",
            style=_FAINT,
        )


def _departures(network: Network, plan: Plan, uses: Sequence[DepartureUse]) -> Iterator[RenderableType]:
    """Tightest departures; the value of one more unit is a dual of the relaxation: indicative."""
    table = bare_table("Tightest departures", "leaves (local)", "from", "to", ">load", ">one more")
    for use in uses[:MOST_DEPARTURES]:
        first, fullest = use.first, use.fullest
        leaves = from_minutes(first.depart_min, network.places[first.from_place].time_zone)
        unit = network.services[first.service_id].capacity_unit
        table.add_row(
            first.service_id,
            f"{leaves:%Y-%m-%d %H:%M}",
            first.from_place,
            use.last.to_place,
            f"{units(fullest.used, unit).split()[0]} of {units(fullest.capacity, unit)}",
            objective_text(plan, use.unit_value) if use.unit_value else "-",
        )
    yield table
    full = sum(1 for use in uses[MOST_DEPARTURES:] if use.fullest.used >= use.fullest.capacity)
    more = f"and {full:,} more full {plural(full, 'departure')}; " if full else ""
    counted = ", vehicles left out counted" if plan.penalty else ""
    yield Text(f"{more}worth of one more unit: indicative{counted}", style=_FAINT)


def bare_table(first: str, *rest: str) -> Table:
    """A table without lines; a heading that starts with > is of a column of figures.

    Where the screen is too narrow, text is broken into lines; nothing is cut off.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=_HEAD)
    for heading in (first, *rest):
        is_figure = heading.startswith(">")
        table.add_column(heading.removeprefix(">"), justify="right" if is_figure else "left", overflow="fold")
    return table


def whole(cents: int | Fraction) -> str:
    """Whole currency units with thousands separators, rounded half up."""
    return f"{round_half_up(Fraction(cents) / 100):,}"


def money(cents: int | Fraction, currency: str) -> str:
    """Amount with its currency, whole units."""
    return f"{whole(cents)} {currency}"


def decimal_days(minutes: int | Fraction) -> str:
    """Days with one decimal, rounded half up."""
    tenths = round_half_up(Fraction(minutes) * 10 / MINUTES_PER_DAY)
    return f"{tenths // 10:,}.{tenths % 10}"


def percent(part: int, total: int) -> str:
    """Share with one decimal; all and none are said of all and none only."""
    if not total:
        return "-"
    tenths = round_half_up(Fraction(part * 1000, total))
    if part and not tenths:
        return "<0.1 %"
    if part != total and tenths == 1000:
        return ">99.9 %"
    return f"{tenths // 10}.{tenths % 10} %"


def gap_percent(plan: Plan) -> str:
    """The gap with at least two figures that say something."""
    gap = (plan.gap or 0.0) * 100
    return f"{gap:.2f} %" if gap >= 0.1 else f"{gap:.2g} %"


def objective_text(plan: Plan, value: int) -> str:
    """A value of the objective in its unit: money, or vehicle-days."""
    return f"{decimal_days(value)} vehicle-days" if plan.objective == TIME else money(value, plan.currency)


def units(counted: int, unit: str) -> str:
    """Counting units as they are spoken of: 4130 hundredths of a CEU are 41.3 CEU."""
    number = f"{counted / HUNDREDTHS:,.1f}".removesuffix(".0") if unit in _HUNDREDTH_UNITS else f"{counted:,}"
    return f"{number} {_UNIT_NAMES.get(unit, unit)}"


def count(number: int, noun: str) -> str:
    """``1 batch``, ``1,240 batches``."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """``batch`` or ``batches``, ``departure`` or ``departures``."""
    return noun if number == 1 else noun + ("es" if noun.endswith("ch") else "s")
