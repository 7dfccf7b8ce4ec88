"""What throughput, allotments and closures have to be to the places and services they limit.

Like the other rules: only rows without a fault are looked at.
"""

from __future__ import annotations

from collections import defaultdict

from planner.model.limits import CAPACITY_FACTOR, CLOSED, EXTRA_H
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import check_whole, find_room, group_by_service, list_sound_services
from planner.units import HUNDREDTHS, MINUTES_PER_HOUR

WEEK = (1, 2, 3, 4, 5, 6, 7)


def check_limits(tables: Tables) -> None:
    """Every rule of throughput, allotments and closures."""
    _check_throughput(tables)
    rooms = None if tables.unread & {"services", "calls"} else _find_rooms(tables)
    _check_allotments(tables, rooms or {})
    for closure in tables.list_clean("closures"):
        _check_closure(tables, closure)
        if closure["effect"] == CAPACITY_FACTOR and rooms is not None:
            _check_factor(tables, closure, rooms)


def _find_rooms(tables: Tables) -> dict[str, int | None]:
    """Largest room of a leg of each sound service in hundredths of units, ``None`` if no leg has a limit."""
    calls = group_by_service(tables, "calls")
    rooms: dict[str, int | None] = {}
    for service in list_sound_services(tables, "calls"):
        legs = [find_room(service, call) for call in calls[service["service_id"]][:-1]]
        rooms[service["service_id"]] = max((room for room in legs if room is not None), default=None)
    return rooms


def _check_throughput(tables: Tables) -> None:
    """At most one row speaks of a place, a form and a weekday."""
    lines: dict[tuple[str, str, int], int] = {}
    for row in tables.list_clean("throughput"):
        days = row["weekdays"] or WEEK
        keys = [(row["place_id"], row["form"], day) for day in days]
        said = next((key for key in keys if key in lines), None)
        if said is not None:
            reason = f"line {lines[said]} speaks of the same place and form on weekday {said[2]}"
            tables.refuse(row, "weekdays", reason, "blank = all weekdays")
            continue
        lines.update(dict.fromkeys(keys, row.line))


def _check_allotments(tables: Tables, rooms: dict[str, int | None]) -> None:
    """Allotments are for shippers that may use the service, and together within its room."""
    services = {row["service_id"]: row for row in tables.list_clean("services")}
    promised: dict[str, int] = defaultdict(int)
    for row in tables.list_clean("allotments"):
        name = row["service_id"]
        service = services.get(name)
        if service is None:
            continue
        check_whole(tables, row, "units", service["capacity_unit"])
        if service["shippers"] and row["shipper"] not in service["shippers"]:
            hint = f"its shippers are {', '.join(service['shippers'])}"
            tables.refuse(row, "shipper", f"may not use {name}", hint)
        if name not in rooms:
            continue
        room = rooms[name]
        promised[name] += row["units"]
        if room is None:
            tables.refuse(row, "units", f"{name} has no capacity, so nothing of it can be kept")
        elif promised[name] > room:
            reason = f"the allotments of {name} up to here are {promised[name] / HUNDREDTHS:g}"
            tables.refuse(row, "units", f"{reason}, its capacity is {room / HUNDREDTHS:g}")


def _check_closure(tables: Tables, closure: Row) -> None:
    effect, value = closure["effect"], closure["value"]
    if closure["last"] <= closure["first"]:
        reason = f"is not after first {closure['first']}"
        tables.refuse(closure, "last", reason, "last is the first open day again")
    if effect == CLOSED and value is not None:
        tables.refuse(closure, "value", "closed has no value", "leave the cell blank")
    if effect != CLOSED and value is None:
        what = "the hours" if effect == EXTRA_H else "the factor"
        tables.refuse(closure, "value", "is blank", f"{effect} needs {what}")
    if effect == CAPACITY_FACTOR and value is not None and value > 1:
        tables.refuse(closure, "value", "is above 1", "the share of the room that is left")
    if effect == EXTRA_H and value is not None and (value * MINUTES_PER_HOUR).denominator != 1:
        tables.refuse(closure, "value", "is not a whole number of minutes", "0.05 h are 3 minutes")
    if closure["spares"] and (effect == CAPACITY_FACTOR or _names(tables, "services", closure["what"])):
        hint = "only closed and extra_h of a place spare somebody"
        tables.refuse(closure, "spares", "nobody can be exempt from this", hint)


def _check_factor(tables: Tables, closure: Row, rooms: dict[str, int | None]) -> None:
    """What has no limit can't have a share of it."""
    what = closure["what"]
    if _names(tables, "places", what):
        known = {row.texts.get("place_id") for row in tables.rows["throughput"]}
        if "throughput" not in tables.unread and what not in known:
            reason = f"{what} has no throughput that a factor could lower"
            tables.refuse(closure, "what", reason, "a row of throughput.csv, or effect closed")
    elif what in rooms and rooms[what] is None:
        tables.refuse(closure, "what", f"{what} has no capacity that a factor could lower", "effect closed")


def _names(tables: Tables, table: str, what: str) -> bool:
    """Whether ``what`` is the id of a row of places or services."""
    column = "place_id" if table == "places" else "service_id"
    return any(row.texts.get(column) == what for row in tables.rows[table])
