"""Prices of a class of cargo as integer arrays: per vehicle, per box and per part, whole cents.

A *class* is all that changes a price or a permission: vehicle type, cargo value (if some price is a share of
it), shipper (if some service is for named shippers), the countries at both ends (if some charge is met when
leaving or entering them), and modes, bans and vias of the batch. ``group`` prices are those of s vehicles of
one batch that do the same and, where boxed, share one box: s times the vehicle price plus once the box price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from planner.clock import day_number
from planner.model.batches import Batch
from planner.model.ids import PlaceId, VehicleTypeId
from planner.model.places import Place
from planner.model.problem import Problem
from planner.model.services import ROAD, Service
from planner.model.tariffs import StorageTier
from planner.model.vehicles import BOXED, VehicleType
from planner.network.rules import may_use
from planner.network.timetable import Ints, Pair, Timetable
from planner.network.type_fares import PER_VALUE, TypeBook, TypeFares
from planner.units import round_half_up

Mask = npt.NDArray[np.bool_]
CLOSED = np.int64(1) << np.int64(60)
"""Price of what is not possible; far above any sum of real prices."""


@dataclass(frozen=True, slots=True)
class ClassKey:
    """What tells two classes of cargo apart; see the module text."""

    vehicle_type: str
    value: Fraction | None
    shipper: str | None
    origin_country: str | None
    destination_country: str | None
    modes: tuple[str, ...]
    not_modes: tuple[str, ...]
    needed_modes: tuple[str, ...]
    via: tuple[PlaceId, ...]
    not_via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fares:
    """Prices of one class over one timetable.

    pair_vehicle, pair_box : int64[pairs]   cents, ``CLOSED`` if not usable (vehicle array)
    pair_part : int64[pairs]   cents that a part pays once for the pair
    pair_units : int64[pairs]   counting units of room per vehicle (loose) or per box (boxed)
    pair_boxed : bool[pairs]
    pair_mark : int64[pairs]   bit n: the n-th via is met, by a call ridden through or at the end; after the
        vias a bit for each needed mode that is ridden
    pair_vehicle_grams, pair_box_grams : int64[pairs]   CO2e; 0 where no objective counts it
    pair_vehicle_blend, pair_box_blend : int64[pairs]   cents that the grams count under ``blend``
    transfer_vehicle, transfer_box : int64[T]   handling cents
    transfer_min : int64[T]   handling, hours of charges before and after included
    slot_after_min : int64[slots]   hours of charges after arriving in a slot
    tier_vehicle, tier_box : int64[rules, tiers, days]   storage cents for that many days in the tier
    """

    key: ClassKey
    pair_vehicle: Ints
    pair_box: Ints
    pair_part: Ints
    pair_units: Ints
    pair_boxed: np.typing.NDArray[np.bool_]
    pair_mark: Ints
    pair_vehicle_grams: Ints
    pair_box_grams: Ints
    pair_vehicle_blend: Ints
    pair_box_blend: Ints
    transfer_vehicle: Ints
    transfer_box: Ints
    transfer_min: Ints
    slot_after_min: Ints
    tier_vehicle: Ints
    tier_box: Ints

    def group_pairs(self, vehicles: int) -> Ints:
        """Price of each pair for a group."""
        price = self.pair_vehicle * vehicles + np.where(self.pair_boxed, self.pair_box, 0)
        return np.where(self.pair_vehicle >= CLOSED, CLOSED, price)

    @property
    def has_part_charges(self) -> bool:
        """Whether any pair has something that a part pays once."""
        return bool(self.pair_part.any())

    def group_grams(self, vehicles: int) -> Ints:
        """CO2e of each pair for a group."""
        return self.pair_vehicle_grams * vehicles + self.pair_box_grams

    def group_blend(self, vehicles: int) -> Ints:
        """Cents that the CO2e of each pair counts for a group."""
        return self.pair_vehicle_blend * vehicles + self.pair_box_blend

    def group_units(self, vehicles: int) -> Ints:
        """Counting units a group takes on each pair."""
        return np.where(self.pair_boxed, self.pair_units, self.pair_units * vehicles)


class FareBook:
    """Makes and keeps the fares of every class of a problem.

    Parameters
    ----------
    with_reference
        Offer the unbookable reference services.
    with_grams
        Work out grams also where the objective does not count them.
    """

    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        *,
        with_reference: bool = False,
        with_grams: bool = False,
    ) -> None:
        network = problem.network
        self.problem = problem
        self.timetable = timetable
        self._with_reference = with_reference
        self._types = TypeBook(problem, timetable, with_grams=with_grams)
        pers = {row.per for row in network.tariffs} | {charge.per for charge in network.charges}
        self._by_value = PER_VALUE in pers
        self._by_shipper = any(service.shippers for service in network.services.values())
        whens = {charge.when for charge in network.charges}
        self._by_origin, self._by_destination = "export" in whens, "import" in whens
        self._fares: dict[ClassKey, Fares] = {}
        self._of_type: dict[VehicleTypeId, TypeFares] = {}
        self._transfers = self._price_transfers()
        self._pair_boxed = np.array([pair.form == BOXED for pair in timetable.pairs], dtype=np.bool_)
        self._banned: dict[tuple[tuple[str, ...], ...], Mask] = {}
        self._marks: dict[tuple[tuple[str, ...], ...], Ints] = {}

    def __len__(self) -> int:
        return len(self._fares)

    def forget(self) -> None:
        """Drop all classes; one that is asked for again is made anew.

        For whoever is asked for ever more classes: there is one for every value and every wish.
        """
        self._fares.clear()
        self._banned.clear()
        self._marks.clear()

    def key_of(self, batch: Batch) -> ClassKey:
        """Class of a batch."""
        places = self.problem.network.places
        return ClassKey(
            vehicle_type=batch.vehicle_type,
            value=self.problem.value_cents(batch) if self._by_value else None,
            shipper=batch.shipper if self._by_shipper else None,
            origin_country=places[batch.origin].country if self._by_origin else None,
            destination_country=places[batch.destination].country if self._by_destination else None,
            modes=batch.modes,
            not_modes=batch.not_modes,
            needed_modes=batch.needed_modes,
            via=batch.via,
            not_via=batch.not_via,
        )

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a batch."""
        key = self.key_of(batch)
        if key not in self._fares:
            wishless = replace(batch, modes=(), not_modes=(), needed_modes=(), via=(), not_via=())
            if self.key_of(wishless) == key:
                self._fares[key] = self._price(key, batch)
            else:
                self._fares[key] = self._wished(key, self.fares_of(wishless), batch)
        return self._fares[key]

    def _wished(self, key: ClassKey, fares: Fares, batch: Batch) -> Fares:
        """Prices of a class with wishes: what is banned is closed, what has to be met is marked."""
        pairs, places = self.timetable.pairs, self.problem.network.places
        bans = (key.modes, key.not_modes, key.not_via)
        if bans not in self._banned:
            self._banned[bans] = np.array([is_banned(pair, batch, places) for pair in pairs], dtype=np.bool_)
        return replace(
            fares,
            key=key,
            pair_vehicle=np.where(self._banned[bans], CLOSED, fares.pair_vehicle),
            pair_mark=self._marks_of(batch),
        )

    def _price(self, key: ClassKey, batch: Batch) -> Fares:
        vehicle_type = self.problem.vehicle_type_of(batch)
        of_type = self._fares_of_type(vehicle_type)
        usable = of_type.is_priced & self._may_use(batch, vehicle_type)
        vehicle = np.where(usable, of_type.pair_vehicle, CLOSED)
        box, part = (np.where(usable, cents, 0) for cents in (of_type.pair_box, of_type.pair_part))
        self._add_by_class(batch, vehicle_type, usable, (vehicle, box, part))
        grams, blend = (np.where(usable, each, 0) for each in (of_type.grams, of_type.blend))
        transfer_min, slot_after_min = self._hours(batch, vehicle_type)
        return Fares(
            key=key,
            pair_vehicle=vehicle,
            pair_box=box,
            pair_part=part,
            pair_units=of_type.pair_units,
            pair_boxed=self._pair_boxed,
            pair_mark=self._marks_of(batch),
            pair_vehicle_grams=grams[0],
            pair_box_grams=grams[1],
            pair_vehicle_blend=blend[0],
            pair_box_blend=blend[1],
            transfer_vehicle=self._transfers[0],
            transfer_box=self._transfers[1],
            transfer_min=transfer_min,
            slot_after_min=slot_after_min,
            tier_vehicle=of_type.tier_vehicle,
            tier_box=of_type.tier_box,
        )

    def _fares_of_type(self, vehicle_type: VehicleType) -> TypeFares:
        if vehicle_type.id not in self._of_type:
            self._of_type[vehicle_type.id] = self._types.of_type(vehicle_type)
        return self._of_type[vehicle_type.id]

    def _may_use(self, batch: Batch, vehicle_type: VehicleType) -> Mask:
        """Roads, and the rides of services that take the batch and are offered; bool[pairs]."""
        taken = {
            service.id
            for service in self.problem.network.services.values()
            if self._is_offered(service) and may_use(service, batch, vehicle_type)
        }
        return np.array(
            [pair.service is None or pair.service.id in taken for pair in self.timetable.pairs],
            dtype=np.bool_,
        )

    def _add_by_class(
        self, batch: Batch, vehicle_type: VehicleType, usable: Mask, cents: tuple[Ints, Ints, Ints]
    ) -> None:
        """Add what hangs on the value of the cargo, and on the countries where it comes from and goes to."""
        value = self.problem.value_cents(batch)
        for number in self._fares_of_type(vehicle_type).by_value:
            if usable[number]:
                cents[0][number] += self._types.value_cents(number, vehicle_type, value)
        places = self.problem.network.places
        home, market = places[batch.origin].country, places[batch.destination].country
        for number in self._types.list_by_country(home, market):
            if usable[number]:
                more = self._types.country_cents(number, vehicle_type, value, home, market)
                for of_unit, added in zip(cents, more, strict=True):
                    of_unit[number] += added

    def _is_offered(self, service: Service) -> bool:
        """Bookable services; with the reference those too, but none whose price hangs on who else rides."""
        return not service.is_chartered if self._with_reference else service.bookable

    def _marks_of(self, batch: Batch) -> Ints:
        """Marks met on each pair; with the reference there is one: whether it is a reference ride."""
        wanted = (batch.via, batch.needed_modes)
        if wanted not in self._marks:
            pairs = self.timetable.pairs
            met = (
                [pair.service is not None and not pair.service.bookable for pair in pairs]
                if self._with_reference
                else [marks_met(pair, batch) for pair in pairs]
            )
            self._marks[wanted] = np.array(met, dtype=np.int64)
        return self._marks[wanted]

    def _hours(self, batch: Batch, vehicle_type: VehicleType) -> tuple[Ints, Ints]:
        """Minutes of handling by transfer, and minutes of charges after arriving by slot."""
        table, places = self.timetable, self.problem.network.places
        home, market = places[batch.origin].country, places[batch.destination].country
        hours = table.charge_hours
        before = [hours.before_min(gate, vehicle_type, home) for gate in table.gates]
        after = np.array(
            [hours.after_min(slot, vehicle_type, market) for slot in table.slots], dtype=np.int64
        )
        arrays = table.arrays
        handling = arrays["transfer_min"] + after[arrays["transfer_slot"]]
        return handling + np.array(before, dtype=np.int64)[arrays["transfer_gate"]], after

    def _price_transfers(self) -> tuple[Ints, Ints]:
        rows = [transfer.handling for transfer in self.timetable.transfers]
        cents = np.array([round_half_up(row.price) for row in rows], dtype=np.int64)
        per_box = np.array([row.per == "feu" for row in rows], dtype=np.bool_)
        return np.where(per_box, 0, cents), np.where(per_box, cents, 0)


def is_banned(pair: Pair, batch: Batch, places: Mapping[PlaceId, Place]) -> bool:
    """Whether modes or bans of a batch rule a ride or road out."""
    if pair.mode in batch.not_modes:
        return True
    if batch.modes and pair.mode != ROAD and pair.mode not in batch.modes:
        return True
    if not batch.not_via:
        return False
    met = [*pair.ends, *pair.places_between()]
    names = {*met, *(places[place].country for place in met)}
    if pair.service is not None:
        names.add(pair.service.id)
    return not names.isdisjoint(batch.not_via)


def marks_met(pair: Pair, batch: Batch) -> int:
    """Vias and needed modes of a batch that are met on a pair, a bit each, in order."""
    if not batch.via and not batch.needed_modes:
        return 0
    places = {*pair.places_between(), pair.ends[1]}
    is_met = [place in places for place in batch.via] + [mode == pair.mode for mode in batch.needed_modes]
    return sum(1 << bit for bit, met in enumerate(is_met) if met)


def days_by_tier(
    tiers: Sequence[StorageTier], in_min: int, out_min: int, time_zone: str
) -> Iterator[tuple[StorageTier, int]]:
    """Days that each tier charges for a hold, tiers that charge none left out.

    With D(t) the local day number, tier i charges max(0, D(out) - D(in + from_i)) less the same of tier i +
    1.
    """
    out_day = day_number(out_min, time_zone)
    reached = [max(0, out_day - day_number(in_min + tier.from_min, time_zone)) for tier in tiers]
    for tier, since, later in zip(tiers, reached, [*reached[1:], 0], strict=True):
        if since > later:
            yield tier, since - later
