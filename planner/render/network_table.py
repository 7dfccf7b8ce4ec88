"""The network on a screen: what there is, one place, one service, the departures of some days."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from planner.clock import from_minutes, local_minutes
from planner.model.places import Place
from planner.network.map_graph import MARKET, PLANT, MapGraph
from planner.network.roll_out import RollOut
from planner.render.calendars import calendars_text, days_text, season_text
from planner.render.words import bare_table, count, decimal_days, units
from planner.units import MINUTES_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import RenderableType

    from planner.model.ids import PlaceId
    from planner.model.problem import Network
    from planner.model.services import Service
    from planner.network.roll_out import Departure

WIDTH = 120
"""Columns of these tables where no terminal tells its own width."""


def network_view(network: Network) -> RenderableType:
    """All places and all services, a line each."""
    places = bare_table("Place", "name", "kind", "country", ">loads", ">unloads")
    loads = Counter(
        call.place for service in network.services.values() for call in service.calls if call.load
    )
    unloads = Counter(
        call.place for service in network.services.values() for call in service.calls if call.unload
    )
    for place in network.places.values():
        kind = place.kind.replace("_", " ")
        places.add_row(
            place.id, place.name, kind, place.country, _or_dash(loads[place.id]), _or_dash(unloads[place.id])
        )
    services = bare_table("Service", "mode", "from", "to", ">days", ">room", "leaves")
    for service in network.services.values():
        first, last = service.calls[0], service.calls[-1]
        services.add_row(
            service.id,
            service.mode.replace("_", " "),
            first.place,
            last.place,
            decimal_days(last.arrive_min),
            _room(service, service.capacity_unit, range(len(service.calls) - 1))
            if service.bookable
            else "reference",
            calendars_text(service.calendars),
        )
    return Group(places, Text(), services)


def named_view(network: Network, thing: Place | Service) -> RenderableType:
    """All that is known of a place or a service."""
    return place_view(network, thing) if isinstance(thing, Place) else service_view(network, thing)


def place_view(network: Network, place: Place) -> RenderableType:
    """A place: where it is, what calls there, which roads start and end there, where it leads."""
    names = ", ".join(name for name in (place.name_zh, *place.aliases) if name)
    head = _facts(
        ("Place", f"{place.id}, {place.name}"),
        ("Also", names),
        ("Kind", f"{place.kind.replace('_', ' ')}, {place.country} {place.region}".rstrip()),
        ("At", f"{place.lat}, {place.lon}, clock of {place.time_zone}"),
        ("Source", place.source),
    )
    calls = bare_table("Service", "mode", "here", "leaves its first call", ">day of arrival", ">of departure")
    for service in network.services.values():
        for call in service.calls:
            if call.place == place.id:
                here = {(True, True): "loads, unloads", (True, False): "loads", (False, True): "unloads"}
                calls.add_row(
                    service.id,
                    service.mode.replace("_", " "),
                    here.get((call.load, call.unload), "passes"),
                    calendars_text(service.calendars),
                    decimal_days(call.arrive_min),
                    decimal_days(call.depart_min),
                )
    roads = bare_table("Road from", "to", "form", ">km", ">hours")
    for road in network.roads:
        if place.id in (road.from_place, road.to_place):
            hours = f"{road.travel_min / MINUTES_PER_HOUR:.1f}"
            roads.add_row(road.from_place, road.to_place, road.form, f"{road.km:,}", hours)
    return _blocks(head, calls, roads, _reach(network, place))


def _reach(network: Network, place: Place) -> Table:
    """Compounds that can be reached from a place; of a compound, the plants that reach it."""
    graph = MapGraph(network)
    from_plants = place.kind == MARKET
    table = bare_table(
        "Reached from plant" if from_plants else "Leads to compound",
        "by, roads aside",
        ">days under way at least",
    )
    for other in graph.leading_to(place.id) if from_plants else graph.reached_from(place.id):
        if network.places[other].kind == (PLANT if from_plants else MARKET):
            start, end = (other, place.id) if from_plants else (place.id, other)
            ways = (" + ".join(modes).replace("_", " ") or "road" for modes in graph.fewest_modes(start, end))
            least_min = graph.shortest_min(start, end)
            assert least_min is not None
            table.add_row(other, ", ".join(ways), decimal_days(least_min))
    return table


def service_view(network: Network, service: Service) -> RenderableType:
    """A service: when it leaves, where it calls, what each ride costs."""
    dangerous = "accepts" if service.accepts_dg else "does not accept"
    head = _facts(
        ("Service", f"{service.id}, {service.name}"),
        ("Operator", service.operator),
        ("Mode", f"{service.mode.replace('_', ' ')}, {service.form}, {dangerous} dangerous goods"),
        ("Room", _room(service, service.capacity_unit, range(len(service.calls) - 1))),
        (
            "Open to",
            ", ".join(service.shippers) or ("all" if service.bookable else "nobody: a reference only"),
        ),
        ("Leaves", "; ".join(days_text(calendar) + season_text(calendar) for calendar in service.calendars)),
        ("Source", service.source),
    )
    calls = bare_table(
        "Call", "place", "here", ">arrives, day", ">leaves, day", ">gate closes", ">free after"
    )
    for call in service.calls:
        here = " ".join(word for word, is_so in (("load", call.load), ("unload", call.unload)) if is_so)
        calls.add_row(
            str(call.seq),
            f"{call.place}, {network.places[call.place].name}",
            here or "pass",
            decimal_days(call.arrive_min),
            decimal_days(call.depart_min),
            f"{call.cutoff_min / MINUTES_PER_HOUR:.0f} h before" if call.load else "",
            f"{call.release_min / MINUTES_PER_HOUR:.0f} h" if call.unload else "",
        )
    prices = bare_table("Price", "from", "to", "for", ">per", ">price")
    for tariff in network.tariffs:
        if tariff.service_id == service.id:
            price = tariff.price if tariff.per == "value" else tariff.price / 100
            prices.add_row(
                tariff.charge.replace("_", " "),
                tariff.from_place,
                tariff.to_place,
                tariff.applies_to,
                tariff.per,
                f"{float(price):,.4f}" if tariff.per == "value" else f"{float(price):,.2f}",
            )
    return _blocks(head, calls, prices)


def departures_view(
    network: Network,
    *,
    service: Service | None,
    start: Place | None,
    end: Place | None,
    first_day: date,
    last_day: date,
) -> RenderableType:
    """Boardings on the local days from first to last, in the order of leaving.

    Parameters
    ----------
    service
        Only this one; ``None`` = all.
    start, end
        Only boarding or alighting here; ``None`` = the first call that loads, the last that unloads.
    """
    # Reference services of the baseline can't be booked: they are shown to who asks for one by name.
    bookable = [one for one in network.services.values() if one.bookable]
    services = bookable if service is None else [service]
    roll_out = RollOut(network)
    rides = [
        (departure, board, alight)
        for one in services
        for board, alight in _list_pairs(one, start, end)
        for departure in _list_departures(network, roll_out, one, board, first_day, last_day)
        if roll_out.is_open(departure, board, alight)
    ]
    table = bare_table("Leaves (local)", "gate closes", "service", "from", "to", "arrives", ">days", ">room")
    for departure, board, alight in sorted(rides, key=lambda ride: ride[0].departs_min(ride[1])):
        calls = departure.service.calls
        leaves_min, gate_min = departure.departs_min(board), departure.gate_min(board)
        arrives_min = departure.free_min(alight) - calls[alight].release_min
        table.add_row(
            _local(network, leaves_min, calls[board].place, "%Y-%m-%d %a %H:%M"),
            _local(network, gate_min, calls[board].place),
            departure.service.id,
            calls[board].place,
            calls[alight].place,
            _local(network, arrives_min, calls[alight].place),
            decimal_days(arrives_min - leaves_min),
            _room(departure, departure.service.capacity_unit, range(board, alight)),
        )
    number = f"{count(len(rides), 'departure')} from {first_day} to {last_day}"
    end_min = network.timetable_end_min
    if end_min is not None and from_minutes(end_min - 1).date() < last_day:
        number += f"; the timetable ends {from_minutes(end_min - 1).date()}"
    return Group(table, Text(number, style="dim")) if rides else Text(number)


def _list_pairs(service: Service, start: Place | None, end: Place | None) -> Iterator[tuple[int, int]]:
    """The longest ride of a service between the places asked for, as call numbers, if there is one."""
    calls = service.calls
    boards = [i for i, call in enumerate(calls) if call.load and (start is None or call.place == start.id)]
    alights = [i for i, call in enumerate(calls) if call.unload and (end is None or call.place == end.id)]
    if boards and alights and boards[0] < alights[-1]:
        yield boards[0], alights[-1]


def _list_departures(
    network: Network, roll_out: RollOut, service: Service, board: int, first_day: date, last_day: date
) -> Iterator[Departure]:
    """Departures that leave a call on the local days from first to last."""
    call = service.calls[board]
    zone = network.places[call.place].time_zone
    first_min = local_minutes(first_day, time(0), zone)
    end_min = local_minutes(last_day + timedelta(days=1), time(0), zone)
    for departure in roll_out.list_departures(service, first_min - call.cutoff_min, end_min):
        if first_min <= departure.departs_min(board) < end_min:
            yield departure


def _local(network: Network, minutes: int, place: PlaceId, form: str = "%m-%d %H:%M") -> str:
    return from_minutes(minutes, network.places[place].time_zone).strftime(form)


def _facts(*rows: tuple[str, str]) -> RenderableType:
    """Words and what they stand for; rows without content are left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column()
    for word, content in rows:
        if content:
            grid.add_row(word, content)
    return grid


def _blocks(head: RenderableType, *tables: Table) -> RenderableType:
    """Blocks with an empty line between them; tables without rows are left out."""
    blocks: list[RenderableType] = [head]
    for table in tables:
        if table.row_count:
            blocks += [Text(), table]
    return Group(*blocks)


def _room(line: Service | Departure, unit: str, legs: range) -> str:
    """Least room of some legs of a service or departure, in units of the service."""
    rooms = [room for room in (line.leg_capacity(leg) for leg in legs) if room is not None]
    return units(min(rooms), unit) if rooms else "no limit"


def _or_dash(number: int) -> str:
    return f"{number:,}" if number else "-"
