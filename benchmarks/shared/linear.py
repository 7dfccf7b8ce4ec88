"""The shipped network made linear in vehicles, so that flows on arcs can say all of it.

Two ways: cut to what carries cars loose, or with boxes taken apart: every service carries cars loose, a
box's room and prices shared by three cars. Both count room in vehicles and drop chartered trains, which are
bought as a whole, space held for shippers, and trains for reference.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from planner.model import Handling, Network, Service
from planner.model.services import ROAD
from planner.model.tariffs import Charge, StorageTier, Tariff
from planner.model.vehicles import BOXED, LOOSE

IN_A_BOX = 3
"""Cars that share a box: what the shipped prices reckon with."""
MEAN_CEU = 128
"""Hundredths of a car equivalent unit that a car of the shipped types takes on average."""
A_UNIT = {"vehicle": Fraction(1), "ceu": Fraction(1, MEAN_CEU), "feu": Fraction(IN_A_BOX)}
"""Cars that a counting unit of a departure's room holds."""
BOXES = {"feu": Fraction(1), "teu": Fraction(2)}
"""Units that prices per box are in, and how many of them a box is."""


def cut_to_loose(network: Network, room: Fraction) -> Network:
    """Only services and roads that carry cars loose, with a share of the room they have."""
    return _kept(network, [s for s in _bookable(network) if not s.is_boxed], room)


def boxes_apart(network: Network, room: Fraction) -> Network:
    """All services as if they carried cars loose, with a share of the room they have.

    Where a table has a row for loose cargo and one for boxes, the one for loose cargo counts. Emissions are
    left out: boxed trains have factors for boxes only.
    """
    stored = {row.place_or_kind for row in network.storage if row.form != BOXED}
    changes: dict[tuple[str, str, str], Handling] = {}
    for row in sorted(network.handling, key=lambda row: (row.from_form, row.to_form) != (LOOSE, LOOSE)):
        if BOXED not in _road_forms(row):
            changes.setdefault((row.place_or_kind, row.from_mode, row.to_mode), _loose_change(row))
    return replace(
        _kept(network, _bookable(network), room),
        handling=tuple(changes.values()),
        storage=tuple(
            _loose_tier(row)
            for row in network.storage
            if row.form != BOXED or row.place_or_kind not in stored
        ),
        charges=tuple(_loose_charge(row) for row in network.charges if not _at_border_boxed(row)),
        emission_factors=(),
    )


def _bookable(network: Network) -> list[Service]:
    return [s for s in network.services.values() if s.bookable and not s.is_chartered]


def _kept(network: Network, services: list[Service], room: Fraction) -> Network:
    kept = {service.id: service for service in services}
    return replace(
        network,
        services={service.id: _in_vehicles(service, room) for service in services},
        roads=tuple(road for road in network.roads if road.form == LOOSE),
        tariffs=tuple(_loose_tariff(row) for row in network.tariffs if row.service_id in kept),
        closures=tuple(row for row in network.closures if row.what in kept or row.what in network.places),
        exceptions=tuple(
            replace(row, capacity=_vehicles(row.capacity, kept[row.service_id], room))
            for row in network.exceptions
            if row.service_id in kept
        ),
        allotments=(),
    )


def _in_vehicles(service: Service, room: Fraction) -> Service:
    return replace(
        service,
        form=LOOSE,
        capacity=_vehicles(service.capacity, service, room),
        capacity_unit="vehicle",
        calls=tuple(
            replace(call, capacity_onward=_vehicles(call.capacity_onward, service, room))
            for call in service.calls
        ),
    )


def _vehicles(units: int | None, service: Service, room: Fraction) -> int | None:
    """Room of a departure, in its counting units, as vehicles, cut to the share."""
    return None if units is None else int(units * A_UNIT[service.capacity_unit] * room)


def _loose_tariff(row: Tariff) -> Tariff:
    return replace(row, per="vehicle", price=row.price / IN_A_BOX) if row.per in BOXES else row


def _road_forms(row: Handling) -> set[str]:
    """Forms of the cargo that comes or leaves by road in a change."""
    ends = ((row.from_mode, row.from_form), (row.to_mode, row.to_form))
    return {form for mode, form in ends if mode == ROAD}


def _loose_change(row: Handling) -> Handling:
    price = row.price / IN_A_BOX if row.per in BOXES else row.price
    return replace(row, from_form=LOOSE, to_form=LOOSE, per="vehicle", price=price)


def _loose_tier(row: StorageTier) -> StorageTier:
    if row.per not in BOXES:
        return replace(row, form=LOOSE)
    share = BOXES[row.per] / IN_A_BOX
    return replace(
        row, form=LOOSE, per="vehicle", price_per_day=row.price_per_day * share, once=row.once * share
    )


def _at_border_boxed(row: Charge) -> bool:
    """Export and import of boxes: loose cars have rows of their own."""
    return row.form == BOXED and row.when in ("export", "import")


def _loose_charge(row: Charge) -> Charge:
    price = row.price / IN_A_BOX if row.per in BOXES else row.price
    return replace(row, form="", per="vehicle" if row.per in BOXES else row.per, price=price)
