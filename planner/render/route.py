"""The ways of a single shipment side by side, on one screen."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from planner.clock import from_minutes
from planner.pricebook import PriceBook
from planner.render.explain import stages_table
from planner.render.words import BAD, GRAMS_PER_KG, HEAD, bare_table, count, decimal_days, whole
from planner.slack import SlowJourneys
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from planner.model.ids import PlaceId
    from planner.model.problem import Problem
    from planner.model.routes import Route, RouteAnswer

NOTHING = "-"


def route_view(
    problem: Problem, answer: RouteAnswer, *, beside_plan: bool = False, stages_of: int | None = None
) -> RenderableType:
    """What can be chosen between.

    Parameters
    ----------
    problem
        Its network and terms are shown by; its batches do not matter.
    beside_plan
        Whether a plan has taken its room.
    stages_of
        Number of a way, from 1, whose every stage and price is shown below.
    """
    blocks: list[RenderableType] = [_head(problem, answer, beside_plan=beside_plan)]
    if answer.routes:
        blocks += [Text(), _ways(problem, answer)]
    if answer.alternatives:
        blocks += [Text(), *_alternatives(answer)]
    if stages_of is not None:
        blocks += [Text(), *_stages(problem, answer, stages_of)]
    return Group(*blocks)


def _head(problem: Problem, answer: RouteAnswer, *, beside_plan: bool) -> Table:
    query, shipment = answer.query, answer.query.shipment
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=HEAD)
    grid.add_column(overflow="fold")
    kind = problem.vehicle_type_of(shipment)
    way = f"{shipment.origin} to {shipment.destination}"
    grid.add_row("Asked", f"{shipment.vehicles:,} {kind.name}, {way}, all one way")
    times = f"ready {_local(problem, shipment.ready_min, shipment.origin)}"
    due = _local(problem, shipment.due_min, shipment.destination)
    if query.has_due:
        hardness = "hard" if shipment.late_price is None else "late at a price"
        times += f", due {due} local ({hardness})"
    else:
        times += f" local, no due date: ways delivered by {due}"
    grid.add_row("", times)
    grid.add_row("Room", "what the plan leaves" if beside_plan else "what the timetable offers, nobody else")
    if answer.routes:
        criteria = "cost, days and CO2e" if answer.routes[0].grams is not None else "cost and days"
        grid.add_row("Ways", f"{count(len(answer.routes), 'way')} that no other beats in {criteria}")
    else:
        grid.add_row("Ways", Text(f"none: {answer.reason}", style=BAD))
    grid.add_row("Latest ready", _latest_ready(problem, answer))
    baseline = answer.baseline
    if baseline is not None and baseline.reason:
        grid.add_row("Baseline", f"none: {baseline.reason}")
    return grid


def _latest_ready(problem: Problem, answer: RouteAnswer) -> str | Text:
    latest, shipment = answer.latest_ready, answer.query.shipment
    if latest is None:
        return NOTHING if answer.query.has_due else "asked for with a due date only"
    if latest.ready_min is None:
        return Text(f"none: {latest.reason}", style=BAD)
    apart = latest.ready_min - shipment.ready_min
    words = f"{decimal_days(abs(apart))} days {'later' if apart >= 0 else 'earlier'} than asked"
    best = latest.routes[0]
    return (
        f"{_local(problem, latest.ready_min, shipment.origin)} local makes due, {words}: "
        f"{_services(best)} for {_each(best)} {problem.terms.currency} a vehicle"
    )


def _ways(problem: Problem, answer: RouteAnswer) -> Table:
    routes, query = answer.routes, answer.query
    has_grams = routes[0].grams is not None
    currency = problem.terms.currency
    headings = [f">{currency} each", f">{currency}", ">days", ">main"]
    headings += [">kg CO2e"] * has_grams + ["way", "leaves"] + [">slack", ">if slow"] * query.has_due + [""]
    table = bare_table(">", *headings)
    book = PriceBook(problem.network)
    slow = SlowJourneys(book, problem.terms.times)
    for number, route in enumerate(routes, start=1):
        cells: list[str | Text] = [str(number), _each(route), whole(route.cents)]
        cells += [decimal_days(route.minutes), _main_days(route)]
        cells += [_kg_each(route)] * has_grams
        cells += [_services(route), _leaves(problem, book, route)]
        if query.has_due:
            due_min = query.shipment.due_min
            cells.append(_slack(due_min - route.itinerary.delivered_min))
            slow_min = slow.find_delivered_min(route.itinerary)
            missed = Text("missed", style=BAD)
            cells.append(missed if slow_min is None else _slack(due_min - slow_min))
        table.add_row(*cells, ", ".join(_praise(routes, route)))
    baseline = answer.baseline
    if baseline is not None and baseline.cents is not None:
        assert baseline.door_min is not None
        assert baseline.rail_min is not None
        total = baseline.cents * query.shipment.vehicles
        cells = ["", whole(baseline.cents), whole(total), decimal_days(baseline.door_min)]
        cells += [decimal_days(baseline.rail_min), *[""] * has_grams, "15-day baseline", ""]
        late = query.shipment.ready_min + baseline.door_min
        cells += [_slack(query.shipment.due_min - late), ""] if query.has_due else []
        table.add_row(*cells, "")
    return table


def _alternatives(answer: RouteAnswer) -> Iterator[RenderableType]:
    best = answer.alternatives[0]
    has_grams = best.grams is not None
    words = {"cost": "cheapest", "time": "fastest", "co2e": "cleanest"}[answer.query.objective]
    title = f"By other services, {words} first"
    yield Text(title, style=HEAD)
    table = bare_table(">", ">each", ">more", ">days", ">more", *[">kg CO2e", ">more"] * has_grams, "way")
    for number, route in enumerate(answer.alternatives):
        more = route.cents - best.cents
        cells = [str(number or "best"), _each(route)]
        cells.append(_signed(whole(Fraction(more, route.itinerary.vehicles))))
        cells += [decimal_days(route.minutes), _signed(decimal_days(route.minutes - best.minutes))]
        if has_grams:
            apart = Fraction((route.grams or 0) - (best.grams or 0), route.itinerary.vehicles)
            cells += [_kg_each(route), _signed(f"{round_half_up(apart / GRAMS_PER_KG):,}")]
        table.add_row(*cells, _services(route))
    yield table
    if len(answer.alternatives) <= answer.query.alternatives:
        yield Text("There is no other.")


def _stages(problem: Problem, answer: RouteAnswer, number: int) -> Iterator[RenderableType]:
    route = answer.routes[number - 1]
    boxes = "" if route.box_run is None else f", {count(route.box_run.boxes, 'box')}"
    vehicles = count(route.itinerary.vehicles, "vehicle")
    yield Text(f"Way {number}: {vehicles}{boxes}, {whole(route.cents)} {problem.terms.currency}", style=HEAD)
    for share in route.charters:
        of = "departure" if share.kind == "departure" else "modules"
        yield Text(f"of it {whole(share.cents)} for the {of} of {share.service_id}, {share.departure_day}")
    yield stages_table(problem, route.itinerary, problem.terms.currency, has_grams=route.grams is not None)


def _praise(routes: Sequence[Route], route: Route) -> Iterator[str]:
    """What no other is better at."""
    if route.cents == min(other.cents for other in routes):
        yield "cheapest"
    if route.minutes == min(other.minutes for other in routes):
        yield "fastest"
    if route.grams is not None and route.grams == min(other.grams or 0 for other in routes):
        yield "cleanest"


def _services(route: Route) -> str:
    return " + ".join(route.services) or "road all the way"


def _leaves(problem: Problem, book: PriceBook, route: Route) -> str:
    """Local days on which the main rides depart; if all is road, the first truck."""
    days = []
    for leg in route.itinerary.chain or route.itinerary.stages[2:3]:
        cutoff_min = book.get_call(leg.service_id, leg.board_seq).cutoff_min if leg.service_id else 0
        zone = problem.network.places[leg.from_place].time_zone
        days.append(from_minutes(leg.start_min + cutoff_min, zone))
    return " + ".join(f"{day:%m-%d}" for day in days)


def _each(route: Route) -> str:
    return whole(Fraction(route.cents, route.itinerary.vehicles))


def _kg_each(route: Route) -> str:
    return f"{round_half_up(Fraction(route.grams or 0, GRAMS_PER_KG * route.itinerary.vehicles)):,}"


def _main_days(route: Route) -> str:
    return NOTHING if route.main_ride_min is None else decimal_days(route.main_ride_min)


def _slack(minutes: int) -> Text:
    return Text(_signed(decimal_days(minutes)), style=BAD if minutes < 0 else "")


def _signed(number: str) -> str:
    return number if number.startswith("-") or not number.strip("0.,") else f"+{number}"


def _local(problem: Problem, minutes: int, place: PlaceId) -> str:
    return f"{from_minutes(minutes, problem.network.places[place].time_zone):%Y-%m-%d %H:%M}"
