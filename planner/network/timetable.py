"""Dated departures as arrays: what the pricing sweep runs over.

An *arrival* is a dated end of a ride or road, a *boarding* a dated start. A *slot* is (place, mode, form) in
which cargo arrives, a *gate* (place, mode, form) through which it leaves, each also told apart by whether the
leg crosses a border of countries where customs take time there; a *transfer* is a slot, a gate and the
handling row between them. An *arc* joins a boarding to an arrival of the same departure. A *pair* is what
arcs of equal price share: service, board call, alight call and the tariffs in force, or a road. A *row* is
what is limited: first the legs of all departures, then days of places and roads, space held by allotments,
and what boards a chartered departure (without a limit: its least load counts it). Batches start from one
extra arrival, numbered ``num_arrivals``, whose time and slot belong to the source of a sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from planner.clock import day_number
from planner.model.batches import Batch
from planner.model.ids import PlaceId, ServiceId
from planner.model.problem import Network
from planner.model.services import ROAD, Service
from planner.model.tariffs import Handling, Road, StorageTier, Tariff
from planner.model.vehicles import FORMS
from planner.network.charge_hours import ChargeHours, Slot
from planner.network.roll_out import Departure, RollOut
from planner.network.rows import NO_LIMIT, Claim, DayRow
from planner.network.rules import HandlingRules

__all__ = ["FORM_NUMBER", "NO_LIMIT", "Ints", "Pair", "Slot", "StorageRule", "Timetable", "Transfer"]

Ints = npt.NDArray[np.int64]
FORM_NUMBER = {form: number for number, form in enumerate(FORMS)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A ride (service and call numbers) at the prices of some days, or a road.

    Parameters
    ----------
    tariffs
        Rows of the ride in force when it boards, for whatever cargo.
    price_factor
        What freight is multiplied with.
    """

    service: Service | None
    board_call: int
    alight_call: int
    road: Road | None
    tariffs: tuple[Tariff, ...] = ()
    price_factor: Fraction = Fraction(1)

    @property
    def form(self) -> str:
        """Form in which cargo travels."""
        if self.service is not None:
            return self.service.form
        return self.get_road().form

    @property
    def mode(self) -> str:
        """Mode of the service, or road."""
        return ROAD if self.service is None else self.service.mode

    @property
    def ends(self) -> tuple[PlaceId, PlaceId]:
        """Places of boarding and alighting."""
        if self.service is not None:
            return self.service.calls[self.board_call].place, self.service.calls[self.alight_call].place
        road = self.get_road()
        return road.from_place, road.to_place

    def places_between(self) -> list[PlaceId]:
        """Places of the calls that a ride goes through."""
        if self.service is None:
            return []
        return [call.place for call in self.service.calls[self.board_call + 1 : self.alight_call]]

    def get_road(self) -> Road:
        """The road of a pair that is no ride."""
        if self.road is None:
            raise LookupError("the pair is a ride of a service, not a road")
        return self.road


@dataclass(frozen=True, slots=True)
class Transfer:
    """A possible change at a place: from a slot through a gate by a handling row."""

    slot: int
    gate: int
    handling: Handling


@dataclass(frozen=True, slots=True)
class StorageRule:
    """Tiers and the longest dwell, of one form at one place or at many that charge the same."""

    tiers: tuple[StorageTier, ...]
    max_dwell_min: int


@dataclass(slots=True)
class Timetable:
    """Arrays sorted by time; treat as immutable after :func:`build_timetable`.

    Shapes: A arrivals, B boardings, R arcs, L legs, M rows, E events, T transfers, K most tiers of a rule.

    event_min, event_node : int32[E]   time; arrival number, or A + 1 + boarding number
    arrival_min : int64[A]   alight + release
    arrival_slot, arrival_place : int64[A]   numbers
    arrival_arcs : int64[A+1]   arcs into each arrival
    arrival_row : int64[A]   row of the place's day, -1 = none
    arrival_tier_day : int64[2, A, K]   D(in + from of tier) for leaving loose / boxed
    boarding_min, boarding_day, boarding_gate : int64[B]   gate time, D(out), gate number
    boarding_row : int64[B]   row of the road's day, in vehicles, -1 = none
    boarding_origin_row : int64[2, B]   row of the place's day for cargo that starts there loose / boxed
    arc_boarding, arc_arrival, arc_pair, arc_leg_from, arc_leg_to : int64[R]   legs used: [from, to)
    arc_departure : int64[R]   number of the departure, -1 = a road
    row_capacity : int64[M]   counting units, NO_LIMIT = unlimited; rows [0, L) are the legs
    gate_transfers : int64[G+1]   transfers of each gate
    transfer_slot, transfer_min, transfer_rule : int64[T]
    slot_arrivals : per slot the arrival numbers by time
    day_rows : by row, which day of which place or road it is
    boarded_row : by number of a chartered departure, the row that counts what boards it
    held_of_claim : by claim, rows of held space and their legs
    held_units : by row of held space, what allotments hold of its leg
    roll_out : what its departures were rolled out with, for another timetable of the network to go on with
    """

    network: Network
    first_min: int
    last_min: int
    roll_out: RollOut
    today: date | None = None
    departures: list[Departure] = field(default_factory=list)
    departure_first_leg: list[int] = field(default_factory=list)
    departure_number: dict[tuple[ServiceId, date], int] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    place_number: dict[PlaceId, int] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    slot_number: dict[Slot, int] = field(default_factory=dict)
    gates: list[Slot] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    rules: list[StorageRule] = field(default_factory=list)
    rule_of: dict[tuple[PlaceId, str], int] = field(default_factory=dict)
    num_tiers: int = 1
    handling: HandlingRules = field(init=False)
    charge_hours: ChargeHours = field(init=False)
    arrays: dict[str, Ints] = field(default_factory=dict)
    slot_arrivals: list[Ints] = field(default_factory=list)
    leg_departure: list[int] = field(default_factory=list)
    day_rows: Mapping[int, DayRow] = field(default_factory=dict)
    boarded_row: Mapping[int, int] = field(default_factory=dict)
    held_of_claim: Mapping[Claim, tuple[Ints, Ints]] = field(default_factory=dict)
    held_units: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.handling = HandlingRules(self.network)
        self.charge_hours = ChargeHours(self.network)

    @property
    def num_arrivals(self) -> int:
        """A; also the number of the extra arrival that a source starts from."""
        return len(self.arrays["arrival_min"])

    @property
    def num_legs(self) -> int:
        """Legs of all departures."""
        return len(self.leg_departure)

    @property
    def num_rows(self) -> int:
        """Rows of all kinds."""
        return len(self.arrays["row_capacity"])

    def held_rows(self, batch: Batch) -> tuple[Ints, Ints]:
        """Rows of held space that a batch has to keep to, and the leg of each."""
        nothing = np.zeros(0, dtype=np.int64)
        return self.held_of_claim.get(self.claim_of(batch), (nothing, nothing))

    def claim_of(self, batch: Batch) -> Claim:
        """What decides which held space a batch may use."""
        return batch.shipper, 0 if self.today is not None else batch.ready_min

    def tier_days(self, place: PlaceId, form: str, at_min: int) -> list[int]:
        """D(in + from) of each tier for cargo that comes in at ``at_min`` and leaves in ``form``."""
        zone = self.network.places[place].time_zone
        tiers = self.rules[self.rule_of[place, form]].tiers if (place, form) in self.rule_of else ()
        days = [day_number(at_min + tier.from_min, zone) for tier in tiers]
        return days + [0] * (self.num_tiers - len(days))
