"""A plan on one screen: what a planner looks at first, in the order in which a boss asks.

Does everything go, and in time? What does it cost, and how good is that? How does it go, and what is paid
for? What became of the 15 days? Who stays behind, and why? What is full, and what is more room worth?
Every function returns something for rich to draw; nothing is printed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from planner.clock import from_minutes
from planner.costing import cost_by_kind
from planner.figures import REFERENCE_RAIL_MIN
from planner.model.problem import BLEND, CO2E, TIME, TYPICAL
from planner.model.results import OPTIMAL
from planner.model.vehicles import BOXED
from planner.render.grounds import duties_text, grounds_text
from planner.render.remedies import remedies_text
from planner.render.summary import mean, summarise
from planner.render.words import (
    BAD,
    FAINT,
    GRAMS_PER_KG,
    HEAD,
    bare_table,
    count,
    decimal_days,
    gap_percent,
    mass,
    money,
    objective_text,
    percent,
    plural,
    units,
    whole,
)
from planner.slack import HIGH
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from planner.model.plans import Charter, DayUse, LegUse, Plan
    from planner.model.problem import Network, Problem, Terms
    from planner.model.results import Result
    from planner.render.summary import AgainstBaseline, LeftOut, ModeShare, Summary
    from planner.tightness import DepartureUse

MOST_LEFT_OUT = 5
MOST_DEPARTURES = 6
MOST_DAYS = 3
MOST_CHARTERS = 3
MOST_REASONS = 2


def plan_view(problem: Problem, result: Result, plan_sha256: str) -> RenderableType:
    """The screen of a plan."""
    plan = result.plan
    summary = summarise(problem, plan)
    blocks: list[RenderableType] = [_headline(problem, result, summary)]
    if summary.planned:
        ways = Group(_modes(summary.shares, plan), Text(), _against_baseline(summary.baseline, plan))
        blocks += [Text(), SideBySide(ways, _money(plan))]
    if summary.left_out:
        blocks += [Text(), *_left_out(summary.left_out)]
    if summary.charters:
        blocks += [Text(), *_charters(problem.network, plan, summary.charters)]
    if summary.departures or summary.days:
        blocks += [Text(), *_tightest(problem.network, plan, summary)]
    return Group(*blocks, Text(), Text(f"plan {plan_sha256}", style=FAINT))


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
    grid.add_column(style=HEAD)
    grid.add_column()
    grid.add_row("Asked", _asked(problem, summary))
    grid.add_row("Planned", _planned(summary))
    if summary.planned:
        grid.add_row("On time", _on_time(problem, summary))
        each = money(mean(plan.cents, summary.planned), plan.currency)
        grid.add_row(
            "Cost", f"{money(plan.cents, plan.currency)}, {each} a vehicle, capital on the way included"
        )
        if plan.grams is not None:
            each = mass(mean(plan.grams, summary.planned))
            grid.add_row("Emissions", f"{mass(plan.grams)}, {each} a vehicle, well to wheel")
        days = decimal_days(mean(plan.vehicle_min, summary.planned))
        boxes = f"{count(summary.boxes, 'box')} of 40 ft with {summary.boxed:,} vehicles"
        grid.add_row("Door to door", f"{days} days on average; {boxes}")
    if summary.duties:
        grid.add_row("Duty", duties_text(summary.duties, plan.currency))
    if summary.planned:
        grid.add_row("Rests on", "\n".join(grounds_text(summary.grounds)))
    grid.add_row("Proof", "\n".join(_proof(plan, result)))
    return grid


def _asked(problem: Problem, summary: Summary) -> str:
    ready = sorted(
        from_minutes(batch.ready_min, problem.network.places[batch.origin].time_zone).date()
        for batch in problem.batches
    )
    number = len(problem.batches)
    text = (
        f"{summary.vehicles:,} vehicles in {number:,} {plural(number, 'batch')}, "
        f"ready {ready[0]} to {ready[-1]}, at {_best(problem.terms)}"
    )
    if problem.terms.times != TYPICAL:
        text += f", {problem.terms.times} times"
    return text if problem.terms.today is None else f"{text}, today {problem.terms.today}"


def _best(terms: Terms) -> str:
    """What the plan is to be best at; of a blend the prices too."""
    if terms.objective != BLEND:
        return {TIME: "the fewest vehicle-days", CO2E: "the least CO2e"}.get(
            terms.objective, "the lowest cost"
        )
    day, tonne = money(terms.day_value, terms.currency), money(terms.carbon_price, terms.currency)
    return f"the lowest cost with {day} a vehicle-day and {tonne} a tonne of CO2e"


def _on_time(problem: Problem, summary: Summary) -> str:
    on_time = summary.planned - summary.late
    text = f"{on_time:,} vehicles ({percent(on_time, summary.planned)})"
    if summary.late:
        text += f"; {summary.late:,} late"
    slow = "" if problem.terms.times == HIGH else " if every journey is a slow one"
    return f"{text}; {summary.late_if_slow:,} late{slow}" if slow and summary.late_if_slow else text


def _planned(summary: Summary) -> Text:
    text = Text(f"{summary.planned:,} vehicles ({percent(summary.planned, summary.vehicles)})")
    if summary.booked:
        text.append(f", {summary.booked:,} of them kept as booked")
    if summary.left_out:
        number = len(summary.left_out)
        text.append("; ")
        text.append(f"{summary.vehicles - summary.planned:,} left out", style=BAD)
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
    if plan.blend_cents:
        value += f", {money(plan.blend_cents, plan.currency)} of it for days and CO2e"
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


def _modes(shares: Sequence[ModeShare], plan: Plan) -> RenderableType:
    """Who goes how; figures of a vehicle are averages."""
    headings = [">vehicles", ">share", ">by barge", ">days", f">{plan.currency} each"]
    if plan.grams is not None:
        headings.append(">kg CO2e")
    table = bare_table("Main ride", *headings)
    planned = sum(share.vehicles for share in shares)
    for share in shares:
        cells = [
            share.mode.replace("_", " "),
            f"{share.vehicles:,}",
            percent(share.vehicles, planned),
            percent(share.by_river, share.vehicles),
            decimal_days(mean(share.door_min, share.vehicles)),
            whole(mean(share.cents, share.vehicles)),
        ]
        if plan.grams is not None:
            cells.append(f"{round_half_up(mean(share.grams, share.vehicles * GRAMS_PER_KG)):,}")
        table.add_row(*cells)
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
    table.add_row(Text("total", style=HEAD), Text(whole(plan.cents), style=HEAD), "")
    return table


def _left_out(rows: Sequence[LeftOut]) -> Iterator[RenderableType]:
    table = bare_table("Left out", ">vehicles", "why", "facts")
    for row in rows[:MOST_LEFT_OUT]:
        vehicles = f"{row.unplanned.vehicles:,} of {row.batch.vehicles:,}"
        table.add_row(row.batch.id, vehicles, row.unplanned.reason.replace("_", " "), row.unplanned.facts)
        remedies = remedies_text(row.unplanned)
        if remedies:
            table.add_row("", "", "would ride if", remedies)
    yield table
    rest = rows[MOST_LEFT_OUT:]
    if rest:
        number = sum(row.unplanned.vehicles for row in rest)
        yield Text(
            f"and {len(rest):,} more {plural(len(rest), 'batch')} ({number:,} vehicles): "
            "all of them in plan.json (--out DIR, or --json)",
            style=FAINT,
        )


def _charters(network: Network, plan: Plan, charters: Sequence[Charter]) -> Iterator[RenderableType]:
    """Departures bought as a whole: how much of them, how full they are."""
    table = bare_table("Bought as a whole", "day", ">modules", ">boarded", f">{plan.currency}")
    for bought in charters[:MOST_CHARTERS]:
        table.add_row(
            bought.service_id,
            str(bought.departure_day),
            f"{bought.modules:,}",
            units(bought.boarded, network.services[bought.service_id].capacity_unit),
            whole(bought.departure_cents + bought.module_cents),
        )
    yield table
    rest = charters[MOST_CHARTERS:]
    if rest:
        cents = sum(bought.departure_cents + bought.module_cents for bought in rest)
        yield Text(f"and {len(rest):,} more for {money(cents, plan.currency)}", style=FAINT)


def _tightest(network: Network, plan: Plan, summary: Summary) -> Iterator[RenderableType]:
    """Tightest departures, places and roads; the value of one more unit is a dual, or exact (``=``)."""
    first, then = ("Tightest departures", "leaves (local)"), ("Tightest days", "day")
    head, second = (first, then) if summary.departures else (then, first)
    table = bare_table(*head, "from", "to", ">load", ">one more")
    for use in summary.departures[:MOST_DEPARTURES]:
        table.add_row(*_departure_cells(network, plan, use))
    if summary.departures and summary.days:
        table.add_row(*(Text(word, style=HEAD) for word in second))
    for day in summary.days[:MOST_DAYS]:
        table.add_row(*_day_cells(plan, day))
    yield table
    others = {
        "departure": sum(is_full(use.fullest) for use in summary.departures[MOST_DEPARTURES:]),
        "day": sum(is_full(day) for day in summary.days[MOST_DAYS:]),
    }
    full = [f"{number:,} more full {plural(number, noun)}" for noun, number in others.items() if number]
    more = f"and {' and '.join(full)}; " if full else ""
    counted = ", vehicles left out counted" if plan.penalty else ""
    exact = "indicative" if not plan.slot_values else "exact where marked =, else indicative"
    yield Text(f"{more}worth of one more unit: {exact}{counted}", style=FAINT)


def is_full(use: LegUse | DayUse) -> bool:
    """Whether there is no room left."""
    return use.used >= use.capacity


def _departure_cells(network: Network, plan: Plan, use: DepartureUse) -> Iterator[str]:
    first, fullest = use.first, use.fullest
    unit = network.services[first.service_id].capacity_unit
    yield first.service_id
    yield f"{from_minutes(first.depart_min, network.places[first.from_place].time_zone):%Y-%m-%d %H:%M}"
    yield first.from_place
    yield use.last.to_place
    yield f"{units(fullest.used, unit).split()[0]} of {units(fullest.capacity, unit)}"
    yield _slot_text(plan, use)


def _slot_text(plan: Plan, use: DepartureUse) -> str:
    """Worth of one more unit on a departure: exact, a range, or indicative."""
    for value in plan.slot_values:
        if (value.service_id, value.departure_day) == (use.first.service_id, use.first.departure_day):
            if value.exact is not None:
                return f"= {objective_text(plan, value.exact)}"
            return f"{objective_text(plan, value.low)} to {objective_text(plan, value.high)}"
    return objective_text(plan, use.unit_value) if use.unit_value else "-"


def _day_cells(plan: Plan, use: DayUse) -> Iterator[str]:
    is_place = use.from_place == use.to_place
    units_name = "boxes" if is_place and use.form == BOXED else "vehicles"
    yield f"{units_name} at the place" if is_place else f"{units_name} by road"
    yield str(use.day)
    yield use.from_place
    yield "" if is_place else use.to_place
    yield f"{use.used:,} of {use.capacity:,}"
    yield objective_text(plan, use.unit_value_cents) if use.unit_value_cents else "-"
