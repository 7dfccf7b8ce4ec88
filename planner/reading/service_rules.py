"""What the rows of one service have to be to each other: capacity, charter terms, calls in time order, rides.

A rule looks only at rows without a fault, and at a service only if all its rows are such: a missing stop
is not reported for a service of which a stop could not be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from planner.model.vehicles import BOXED
from planner.reading.rows import Row, Tables
from planner.units import HUNDREDTHS

WHOLE_UNITS = ("vehicle", "feu")
"""Capacity units that are counted in whole numbers; the others in hundredths."""


def check_services(tables: Tables) -> None:
    """Every rule of services and calls."""
    for row in tables.list_clean("services"):
        _check_service(tables, row)
    if tables.unread & {"services", "calls"}:
        return
    calls = group_by_service(tables, "calls")
    for service in list_sound_services(tables, "calls"):
        rows = calls.get(service["service_id"], [])
        _check_calls(tables, service, rows)
        if all(map(tables.is_clean, (service, *rows))):
            _check_quantiles(tables, rows)
            _check_min_load(tables, service, rows)


def group_by_service(tables: Tables, table: str) -> dict[str, list[Row]]:
    """Rows without a known fault by service, calls in the order of the service."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in tables.list_clean(table):
        groups[row["service_id"]].append(row)
    if table == "calls":
        for rows in groups.values():
            rows.sort(key=lambda row: int(row["seq"]))
    return dict(groups)


def list_sound_services(tables: Tables, *parts: str) -> list[Row]:
    """Services that have no known fault, nor any of their rows in the tables ``parts``."""
    faulty = {
        row.texts.get("service_id")
        for part in ("services", *parts)
        for row in tables.rows[part]
        if not tables.is_clean(row)
    }
    return [row for row in tables.list_clean("services") if row["service_id"] not in faulty]


def _check_service(tables: Tables, service: Row) -> None:
    form, unit = service["form"], service["capacity_unit"]
    if (form == BOXED) == (unit == "feu"):
        for column in ("capacity", "module_capacity", "min_load"):
            check_whole(tables, service, column, unit)
    else:
        hint = "boxed services are counted in feu, loose ones in vehicle, ceu or cbm"
        tables.refuse(service, "capacity_unit", f"a {form} service is not counted in {unit}", hint)
    priced = [column for column in ("departure_price", "module_price") if service[column] is not None]
    if priced and not service["currency"]:
        tables.refuse(service, "currency", "is blank", f"{' and '.join(priced)} is in it")
    check_date_order(tables, service)


def check_whole(tables: Tables, row: Row, column: str, unit: str) -> None:
    """Refuse hundredths of a unit that is counted in whole numbers."""
    if unit in WHOLE_UNITS and (row[column] or 0) % HUNDREDTHS:
        tables.refuse(row, column, f"is not a whole number of {unit}")


def check_date_order(tables: Tables, row: Row) -> None:
    """Refuse a last date before the first."""
    first, last = row["first_date"], row["last_date"]
    if first is not None and last is not None and last < first:
        tables.refuse(row, "last_date", f"is before first_date {first}")


def _check_min_load(tables: Tables, service: Row, calls: Sequence[Row]) -> None:
    """A least load needs room that one departure can have: every unit takes the leg after its boarding."""
    least, capacity = service["min_load"], service["capacity"]
    if not least:
        return
    if capacity is None and service["module_capacity"] is None:
        hint = "without module_capacity the whole capacity is bought at once"
        tables.refuse(service, "capacity", "is blank, though there is a min_load", hint)
        return
    if capacity is not None and least > capacity:
        tables.refuse(service, "min_load", f"is above the capacity of {service.texts['capacity']}")
        return
    rooms = [find_room(service, call) for call in calls[:-1] if call["load"]]
    most = sum(room for room in rooms if room is not None)
    if None not in rooms and least > most:
        reason = f"is above the {most / HUNDREDTHS:g} that can board a departure"
        tables.refuse(service, "min_load", reason, "capacity_onward of the calls with load")


def find_room(service: Row, call: Row) -> int | None:
    """Hundredths of units on the leg after a call, ``None`` = unlimited."""
    limits = [service["capacity"], call["capacity_onward"]]
    return min((limit for limit in limits if limit is not None), default=None)


def _check_calls(tables: Tables, service: Row, calls: Sequence[Row]) -> None:
    if len(calls) < 2:
        reason = "the service has no calls" if not calls else "the service has one call, it needs two or more"
        tables.refuse(service, "service_id", reason, "one row of calls.csv per stop")
        return
    for call in calls:
        check_whole(tables, call, "capacity_onward", service["capacity_unit"])
    _check_first_call(tables, calls[0])
    _check_last_call(tables, calls[-1])
    for call in calls[1:]:
        if call["arrive_h"] is None:
            tables.refuse(call, "arrive_h", "is blank", "only the first call may leave it blank")
    for call in calls[1:-1]:
        if call["depart_h"] is None:
            tables.refuse(call, "depart_h", "is blank", "only the last call may leave it blank")
        elif call["arrive_h"] is not None and call["depart_h"] < call["arrive_h"]:
            tables.refuse(call, "depart_h", f"is before the arrival at {call.texts['arrive_h']} h")
    for previous, call in pairwise(calls):
        departs, arrives = previous["depart_h"], call["arrive_h"]
        if departs is not None and arrives is not None and arrives <= departs:
            reason = f"is not after the departure of line {previous.line} at {previous.texts['depart_h']} h"
            tables.refuse(call, "arrive_h", reason, "calls are in time order, a leg takes a minute or more")


def _check_first_call(tables: Tables, call: Row) -> None:
    if call["depart_h"] is None:
        tables.refuse(call, "depart_h", "is blank", "the first call departs at 0")
    for column in ("arrive_h", "depart_h", "arrive_low_h", "arrive_high_h"):
        if call[column]:
            tables.refuse(call, column, "is not 0 at the first call", "hours are counted from its departure")
    if call["unload"]:
        tables.refuse(call, "unload", "nothing can alight at the first call")


def _check_last_call(tables: Tables, call: Row) -> None:
    if call["depart_h"] is not None and call["depart_h"] != call["arrive_h"]:
        tables.refuse(call, "depart_h", "is not the arrival at the last call", "leave it blank")
    if call["load"]:
        tables.refuse(call, "load", "nothing can board at the last call")
    if call["capacity_onward"] is not None:
        tables.refuse(call, "capacity_onward", "there is no leg after the last call")


def _check_quantiles(tables: Tables, calls: Sequence[Row]) -> None:
    """A fast journey is not slower than the typical one nor than a slow one, and leaves before it arrives.

    Boarding keeps the timetable under all times, so the journey of every cargo starts at the timetable
    departure of a call with load; calls without load between may lie later than a fast arrival.
    """
    board = calls[0]
    for call in calls[1:]:
        typical, low, high = call["arrive_h"], call["arrive_low_h"], call["arrive_high_h"]
        if low is not None and low > typical:
            tables.refuse(call, "arrive_low_h", f"is after arrive_h {call.texts['arrive_h']}")
        elif low is not None and low <= board["depart_h"]:
            leaves = f"line {board.line} at {board.texts['depart_h']} h"
            reason = f"is not after the departure of {leaves}, where cargo boards"
            tables.refuse(call, "arrive_low_h", reason, "hours are counted from the first departure")
        if high is not None and high < typical:
            tables.refuse(call, "arrive_high_h", f"is before arrive_h {call.texts['arrive_h']}")
        if call["load"]:
            board = call


def list_rides(calls: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of a call with load and a later call with unload at another place."""
    for board, alight in combinations(calls, 2):
        if board["load"] and alight["unload"] and board["place_id"] != alight["place_id"]:
            yield board, alight


def rides_by_places(calls: Mapping[str, Sequence[Row]]) -> dict[str, set[tuple[str, str]]]:
    """Board and alight places of the rides of each service."""
    return {
        service_id: {(board["place_id"], alight["place_id"]) for board, alight in list_rides(rows)}
        for service_id, rows in calls.items()
    }
