"""Which handling row, which storage tiers, who may use what: look-ups over the tables."""

from __future__ import annotations

from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.places import Place
from planner.model.problem import Network
from planner.model.services import DELIVERY, ORIGIN, Service
from planner.model.tariffs import APPLIES_TO_ALL, APPLIES_TO_DG, Handling, StorageTier
from planner.model.vehicles import BOXED, VehicleType


class HandlingRules:
    """Handling rows by place, kind and forms, with the precedence of the design's fine print."""

    def __init__(self, network: Network) -> None:
        self._places = network.places
        self._rows: dict[tuple[str, str, str], list[Handling]] = {}
        for row in network.handling:
            self._rows.setdefault((row.place_or_kind, row.from_form, row.to_form), []).append(row)
        self._found: dict[tuple[str, str, str, str, str], Handling | None] = {}

    def find(
        self, place: PlaceId, from_mode: str, to_mode: str, from_form: str, to_form: str
    ) -> Handling | None:
        """The row of a change at a place; ``None`` if the change is not possible there."""
        key = (place, from_mode, to_mode, from_form, to_form)
        if key not in self._found:
            self._found[key] = self._look_up(*key)
        return self._found[key]

    def get(self, place: PlaceId, from_mode: str, to_mode: str, from_form: str, to_form: str) -> Handling:
        """The row of a change that is known to be possible."""
        row = self.find(place, from_mode, to_mode, from_form, to_form)
        if row is None:
            raise LookupError(f"no handling at {place} from {from_mode} {from_form} to {to_mode} {to_form}")
        return row

    def _look_up(
        self, place: str, from_mode: str, to_mode: str, from_form: str, to_form: str
    ) -> Handling | None:
        for owner in (place, self._places[PlaceId(place)].kind):
            fitting = [
                row
                for row in self._rows.get((owner, from_form, to_form), ())
                if _mode_fits(row.from_mode, from_mode, ORIGIN) and _mode_fits(row.to_mode, to_mode, DELIVERY)
            ]
            if fitting:
                return max(
                    fitting, key=lambda row: (bool(row.from_mode) + bool(row.to_mode), bool(row.from_mode))
                )
        return None


def _mode_fits(named: str, actual: str, pseudo: str) -> bool:
    return named == actual if named else actual != pseudo


def storage_tiers(network: Network, place: Place, form: str) -> tuple[StorageTier, ...]:
    """Tiers that hold for a form at a place, by ``from_min``; rows of the place replace those of its kind."""
    for owner in (place.id, place.kind):
        rows = [row for row in network.storage if row.place_or_kind == owner and row.form in ("", form)]
        if rows:
            return tuple(sorted(rows, key=lambda row: row.from_min))
    return ()


def applies(applies_to: str, vehicle_type: VehicleType) -> bool:
    """Whether a price row is for a vehicle type."""
    return applies_to in (APPLIES_TO_ALL, vehicle_type.id) or (
        applies_to == APPLIES_TO_DG and vehicle_type.is_dangerous
    )


def form_fits(form: str, vehicle_type: VehicleType) -> bool:
    """Whether a type may travel in a form."""
    return vehicle_type.vehicles_per_feu > 0 if form == BOXED else vehicle_type.loose_allowed


def may_use(service: Service, batch: Batch, vehicle_type: VehicleType) -> bool:
    """Whether a batch may ride a service, room and bookability aside."""
    return (
        form_fits(service.form, vehicle_type)
        and (not service.shippers or batch.shipper in service.shippers)
        and (service.accepts_dg or not vehicle_type.is_dangerous)
        and _within(vehicle_type.height_mm, service.max_height_mm)
        and _within(vehicle_type.length_mm, service.max_length_mm)
        and _within(vehicle_type.mass_kg, service.max_mass_kg)
    )


def _within(size: int, limit: int | None) -> bool:
    return limit is None or size <= limit
