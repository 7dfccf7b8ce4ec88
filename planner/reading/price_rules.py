"""What prices have to be to the services, places and forms they are for.

Like the rules of services: only rows without a fault are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from planner.model.services import ROAD
from planner.model.tariffs import APPLIES_TO_ALL, APPLIES_TO_DG, FREIGHT, PART
from planner.model.vehicles import BOXED, LOOSE
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import (
    check_date_order,
    group_by_service,
    list_sound_services,
    rides_by_places,
)
from planner.units import MINUTES_PER_DAY

PER_BOX = ("feu", "teu")
FULLY_CHARGED = 100


def check_prices(tables: Tables) -> None:
    """Every rule of tariffs, charges, roads, handling, storage, vehicle types and rates."""
    _check_tariffs(tables)
    for charge in tables.list_clean("charges"):
        _check_per_box(tables, charge, (charge["form"],), "form has to be boxed")
        _check_per_part(tables, charge)
    for road in tables.list_clean("roads"):
        _check_road(tables, road)
    # Two handling rows of one rank that fit the same change have the same key, so ties are found as
    # duplicates: equal rank means that the same modes are named, and a place has one kind.
    for change in tables.list_clean("handling"):
        forms = (change["from_form"], change["to_form"])
        _check_per_box(tables, change, forms, "from_form or to_form has to be boxed")
    _check_storage(tables)
    for vehicle_type in tables.list_clean("vehicle_types"):
        if not vehicle_type["vehicles_per_feu"] and not vehicle_type["loose_allowed"]:
            tables.refuse(vehicle_type, "loose_allowed", "the type is carried neither loose nor boxed")
        if (vehicle_type["max_state_of_charge"] or 0) > FULLY_CHARGED:
            tables.refuse(vehicle_type, "max_state_of_charge", f"is above {FULLY_CHARGED}")
    for rate in tables.list_clean("fx"):
        if rate["currency"] == "USD" and rate["usd"] != 1:
            tables.refuse(rate, "usd", "one USD is not 1 USD")


def _check_per_box(tables: Tables, row: Row, forms: tuple[str, ...], hint: str) -> None:
    if row["per"] in PER_BOX and BOXED not in forms:
        tables.refuse(row, "per", f"{row['per']} is a price per box, but nothing is boxed here", hint)


def _check_per_part(tables: Tables, charge: Row) -> None:
    """What a part pays once is met on main rides: its vehicles ride the same, but may go by other roads."""
    if charge["per"] == PART and charge["mode"] in ("", ROAD):
        reason = "a price per part is of main rides: vehicles of one part may go by different roads"
        tables.refuse(charge, "mode", reason, "name a mode that is not road, one row for each mode")


def _check_road(tables: Tables, road: Row) -> None:
    _check_per_box(tables, road, (road["form"],), "form has to be boxed")
    if road["from_place"] == road["to_place"]:
        tables.refuse(road, "to_place", "the road ends where it starts")
    if (road["departs_every_h"] or 0) > MINUTES_PER_DAY:
        tables.refuse(road, "departs_every_h", "is above 24", "the grid restarts each local day")


def _check_tariffs(tables: Tables) -> None:
    forms = {service["service_id"]: service["form"] for service in tables.list_clean("services")}
    for tariff in tables.list_clean("tariffs"):
        if tariff["per"] in PER_BOX and forms.get(tariff["service_id"]) == LOOSE:
            tables.refuse(tariff, "per", f"{tariff['service_id']} is a loose service, it carries no boxes")
        check_date_order(tables, tariff)
    if not tables.unread & {"services", "calls"}:
        _check_rides(tables)
    _check_one_freight(tables)


def _check_rides(tables: Tables) -> None:
    """Tariffs are for pairs of places that are rides of their service."""
    sound = {service["service_id"] for service in list_sound_services(tables, "calls")}
    rides = rides_by_places(group_by_service(tables, "calls"))
    for tariff in tables.list_clean("tariffs"):
        service_id, from_place, to_place = tariff["service_id"], tariff["from_place"], tariff["to_place"]
        pairs = rides.get(service_id, set())
        if service_id not in sound or (from_place, to_place) in pairs:
            continue
        if from_place not in {board for board, _ in pairs}:
            tables.refuse(tariff, "from_place", f"no ride of {service_id} boards there", "a call with load")
        else:
            reason = f"no ride of {service_id} goes there from {from_place}"
            tables.refuse(tariff, "to_place", reason, "a later call with unload")


def _check_one_freight(tables: Tables) -> None:
    """At most one freight row fits a vehicle type on a ride on any day."""
    dangerous = {row["vehicle_type"]: bool(row["un_number"]) for row in tables.list_clean("vehicle_types")}
    rows_of: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for tariff in tables.list_clean("tariffs"):
        if tariff["charge"] == FREIGHT:
            rows_of[tariff["service_id"], tariff["from_place"], tariff["to_place"]].append(tariff)
    for rows in rows_of.values():
        for at, row in enumerate(rows):
            for other in rows[:at]:
                applies = _both_apply(other["applies_to"], row["applies_to"], dangerous)
                if applies and _have_common_day(other, row):
                    _refuse_second_freight(tables, row, other)
                    break


def _refuse_second_freight(tables: Tables, row: Row, other: Row) -> None:
    first = _find_common_day(other, row)
    when = f" on {first}" if first is not None else ""
    reason = f"line {other.line} is a freight price of the same ride for {other['applies_to']}{when}"
    tables.refuse(row, "applies_to", reason, "one freight row per ride, vehicle type and day of boarding")


def _have_common_day(one: Row, other: Row) -> bool:
    firsts, lasts = _list_dates((one, other), "first_date"), _list_dates((one, other), "last_date")
    return not firsts or not lasts or max(firsts) <= min(lasts)


def _find_common_day(one: Row, other: Row) -> date | None:
    """A day on which both rows hold that says where they meet; ``None`` if they hold without limit."""
    firsts, lasts = _list_dates((one, other), "first_date"), _list_dates((one, other), "last_date")
    return max(firsts) if firsts else min(lasts, default=None)


def _list_dates(rows: Sequence[Row], column: str) -> list[date]:
    return [row[column] for row in rows if row[column] is not None]


def _both_apply(one: str, other: str, dangerous: dict[str, bool]) -> bool:
    """Whether two ``applies_to`` fit one vehicle type."""
    if APPLIES_TO_ALL in (one, other) or one == other:
        return True
    if APPLIES_TO_DG in (one, other):
        return dangerous.get(other if one == APPLIES_TO_DG else one, False)
    return False


def _check_storage(tables: Tables) -> None:
    """Tiers of one place and form start at different hours."""
    tiers: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for tier in tables.list_clean("storage"):
        _check_per_box(tables, tier, (tier["form"],), "form has to be boxed")
        tiers[tier["place_or_kind"], tier["from_h"]].append(tier)
    for rows in tiers.values():
        for at, row in enumerate(rows):
            # Equal forms are duplicates, found before; a blank form is both.
            other = next((r for r in rows[:at] if not r["form"] or not row["form"]), None)
            if other is not None:
                reason = f"line {other.line} is a tier from the same hour for {other['form'] or 'both forms'}"
                tables.refuse(row, "from_h", reason, "a blank form is both")
