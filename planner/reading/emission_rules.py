"""What emission factors have to be to the services and roads that need them.

Without rows emissions are not known and nothing is asked; with rows every service that can carry
something and every road needs a class, lengths and a factor for each leg. Like the other rules: only rows
without a fault are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from planner.model.emissions import ROAD_CLASS
from planner.model.tariffs import FREIGHT
from planner.model.vehicles import BOXED
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import group_by_service, list_rides, list_sound_services

BY_BOX = "feu_km"
Kinds = dict[tuple[str, str], set[str]]
"""What factors of a class and region, fall-back included, are multiplied with."""


def check_emissions(tables: Tables) -> None:
    """Every rule of emission factors; none if there are no rows."""
    _check_one_kind(tables)
    rows = tables.rows["emission_factors"]
    # What a faulty row would have said is not known, so nothing can be said to be missing.
    if not rows or not all(map(tables.is_clean, rows)) or tables.unread & {"emission_factors", "places"}:
        return
    regions = {row["place_id"]: row["region"] for row in tables.list_clean("places")}
    kinds = _find_kinds(tables, {*regions.values(), ""})
    if not tables.unread & {"services", "calls", "tariffs"}:
        _check_services(tables, kinds, regions)
    _check_roads(tables, kinds, regions)


def _check_one_kind(tables: Tables) -> None:
    """A class has one factor per vehicle for any region: the rows without a region count there, too."""
    rows_of: dict[str, list[Row]] = defaultdict(list)
    for row in tables.list_clean("emission_factors"):
        if row["per"] != BY_BOX:
            rows_of[row["emission_class"]].append(row)
    for rows in rows_of.values():
        for at, row in enumerate(rows):
            other = next((r for r in rows[:at] if r["per"] != row["per"] and _meet(r, row)), None)
            if other is not None:
                where = other["region"] or row["region"] or "every region"
                reason = f"line {other.line} is another factor per vehicle for {where}: {other['per']}"
                tables.refuse(row, "per", reason, "one of ceu_km, vehicle_km, tkm for a class and region")


def _meet(one: Row, other: Row) -> bool:
    return not one["region"] or not other["region"] or one["region"] == other["region"]


def _find_kinds(tables: Tables, regions: set[str]) -> Kinds:
    named: Kinds = defaultdict(set)
    for row in tables.list_clean("emission_factors"):
        named[row["emission_class"], row["region"]].add(row["per"])
    classes = {emission_class for emission_class, _ in named}
    return {
        (emission_class, region): named[emission_class, region] | named[emission_class, ""]
        for emission_class in classes
        for region in regions
    }


def _check_services(tables: Tables, kinds: Kinds, regions: dict[str, str]) -> None:
    calls = group_by_service(tables, "calls")
    priced = {
        (row["service_id"], row["from_place"], row["to_place"])
        for row in tables.rows["tariffs"]
        if tables.is_clean(row) and row["charge"] == FREIGHT
    }
    known = {emission_class for emission_class, _ in kinds}
    for service in list_sound_services(tables, "calls"):
        name, emission_class = service["service_id"], service["emission_class"]
        rows = calls[name]
        rides = [
            ride for ride in list_rides(rows) if (name, ride[0]["place_id"], ride[1]["place_id"]) in priced
        ]
        if not rides:
            continue
        if not emission_class:
            tables.refuse(service, "emission_class", "is blank", "emission_factors.csv has rows")
            continue
        if emission_class not in known:
            reason = f"{emission_class} is not in emission_factors.emission_class"
            tables.refuse(service, "emission_class", reason, f"there are {', '.join(sorted(known))}")
            continue
        for call in rows[1:]:
            if call["km_from_previous"] is None:
                tables.refuse(call, "km_from_previous", "is blank", "emission_factors.csv has rows")
        for board, alight in rides:
            ends = [call["place_id"] for call in rows if board["seq"] < call["seq"] <= alight["seq"]]
            if any(end not in regions for end in ends):
                continue  # a fault of the place, noted there
            found = [kinds[emission_class, regions[end]] for end in ends]
            if _refuse_ride(tables, service, [regions[end] for end in ends], found):
                break


def _refuse_ride(tables: Tables, service: Row, regions: Sequence[str], found: Sequence[set[str]]) -> bool:
    """Refuse a service for the first leg of a ride without a factor; True if it was refused."""
    name, boxed = service["emission_class"], service["form"] == BOXED
    for region, kinds in zip(regions, found, strict=True):
        if not _fits(kinds, boxed=boxed):
            reason = _no_factor(name, region, boxed=boxed)
            tables.refuse(service, "emission_class", reason, "a row of emission_factors.csv")
            return True
    for (region, kinds), (following, other) in pairwise(zip(regions, found, strict=True)):
        if boxed and (BY_BOX in kinds) != (BY_BOX in other):
            one, two = (where or "places without a region" for where in (region, following))
            reason = f"{name} is counted per box and per vehicle on one ride: {one} and {two}"
            tables.refuse(service, "emission_class", reason, "feu_km for all regions or for none")
            return True
    return False


def _fits(kinds: set[str], *, boxed: bool) -> bool:
    return bool(kinds if boxed else kinds - {BY_BOX})


def _no_factor(emission_class: str, region: str, *, boxed: bool) -> str:
    where = f"for {region}" if region else "for places without a region"
    cargo = "boxes or vehicles" if boxed else "loose vehicles"
    return f"{emission_class} has no factor {where} and {cargo}"


def _check_roads(tables: Tables, kinds: Kinds, regions: dict[str, str]) -> None:
    """Roads have a factor; what a region and form lack is said once, at their first road."""
    said: set[tuple[str, str]] = set()
    for road in tables.rows["roads"]:
        if not tables.is_clean(road) or road["to_place"] not in regions:
            continue
        region, boxed = regions[road["to_place"]], road["form"] == BOXED
        if _fits(kinds.get((ROAD_CLASS, region), set()), boxed=boxed) or (region, road["form"]) in said:
            continue
        said.add((region, road["form"]))
        hint = f"a row of emission_factors.csv with class {ROAD_CLASS}"
        tables.refuse(road, "to_place", _no_factor(ROAD_CLASS, region, boxed=boxed), hint)
