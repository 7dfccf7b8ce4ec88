"""A plan: who rides what, when, at which price; and who is left out, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.model.ids import BatchId, PlaceId, ServiceId

RIDE = "ride"
ROAD_LEG = "road"
HANDLING = "handling"
DWELL = "dwell"
STAGE_KINDS = (RIDE, ROAD_LEG, HANDLING, DWELL)

PER_VEHICLE = "vehicle"
PER_BOX = "box"
PER_PART = "part"

COST_KINDS = (
    "freight",
    "box_hire",
    "surcharge",
    "insurance",
    "road",
    "handling",
    "stuffing",
    "stripping",
    "storage",
    "charge",
    "carrying",
    "early",
    "late",
    "departure",
    "module",
)
SHARED_KINDS = ("departure", "module")
"""Cost kinds of a departure as a whole: shared over the batches that ride it, no lines of itineraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One line of an itinerary, in time order; each starts where and when the one before ends.

    The stages of an itinerary are: handling (from mode ``origin``), dwell, then for every leg a
    ``ride`` or ``road`` stage followed by handling, and dwell if another leg follows. The last is
    the handling to ``delivery``; its end is Delivered. Handling and dwell stages are always there,
    also when they take no time.

    Parameters
    ----------
    kind
        One of :data:`STAGE_KINDS`.
    start_min, end_min
        Handling starts at ``alight + release`` (at the origin: ready) and lasts the hours of its row.
        Dwell runs from the end of handling to the next departure's gate (departure - cut-off; a
        road: its dispatch); its storage is charged from the *start of the handling before it*. A ride
        runs from the gate to ``alight + release``; a road from dispatch to arrival.
    from_place, to_place
        Equal for handling and dwell.
    mode
        Ride: the service's mode; road: ``road``; handling: the mode it leads to (``delivery`` at the
        end); dwell: the mode waited for.
    from_form, to_form
        Form before and after; differ only in handling that stuffs or strips.
    service_id, departure_day, board_seq, alight_seq
        Of a ride: the service, the scheduled local day at its first call, and the calls' ``seq``.
    """

    kind: str
    start_min: int
    end_min: int
    from_place: PlaceId
    to_place: PlaceId
    mode: str
    from_form: str
    to_form: str
    service_id: ServiceId | None = None
    departure_day: date | None = None
    board_seq: int | None = None
    alight_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One price line.

    Parameters
    ----------
    kind
        One of :data:`COST_KINDS`, but for :data:`SHARED_KINDS`.
    stage
        Number of the stage it belongs to (0 = first); carrying, early and late belong to the last.
        A storage line belongs to its dwell stage, a charge to its ride or road.
    label
        What is paid for, e.g. ``freight SVC-1 A-B`` or ``storage C tier 2``.
    per
        ``vehicle``, ``box`` or ``part``.
    unit_cents
        Whole cents per vehicle, box or part: rounded half up once.
    """

    kind: str
    stage: int
    label: str
    per: str
    unit_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionLine:
    """Well-to-wheel CO2e of one ride or road.

    Parameters
    ----------
    stage
        Number of the ride or road among the stages.
    per
        ``vehicle`` or ``box``.
    unit_grams
        Whole grams per vehicle or box: rounded half up once for the stage.
    """

    stage: int
    per: str
    unit_grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """Vehicles of one batch that do exactly the same.

    Parameters
    ----------
    part
        Number of the part within the batch, from 1: itineraries of one batch with the same chain of
        main rides are one part.
    vehicles
        At least 1.
    box_run
        Index into :attr:`BatchPlan.box_runs` of the boxed run of this itinerary; ``None`` if it is
        never boxed.
    lines
        All price lines, per vehicle, per box and per part; box lines are paid ``boxes`` times by the run,
        part lines once by the part, not per itinerary.
    emissions
        CO2e by ride and road; empty where the network knows no emission factors.
    booked
        Fixed by a booking: a plan that keeps it leaves it as it is.
    """

    part: int
    vehicles: int
    stages: tuple[Stage, ...]
    lines: tuple[CostLine, ...]
    emissions: tuple[EmissionLine, ...] = ()
    box_run: int | None = None
    booked: bool = False

    @property
    def delivered_min(self) -> int:
        """When the vehicles are Delivered."""
        return self.stages[-1].end_min

    @property
    def vehicle_cents(self) -> int:
        """Cents per vehicle, without box lines."""
        return sum(line.unit_cents for line in self.lines if line.per == PER_VEHICLE)

    @property
    def box_cents(self) -> int:
        """Cents per box of the boxed run; 0 if never boxed."""
        return sum(line.unit_cents for line in self.lines if line.per == PER_BOX)

    @property
    def part_cents(self) -> int:
        """Cents that the part pays once, whoever else rides in it."""
        return sum(line.unit_cents for line in self.lines if line.per == PER_PART)

    @property
    def vehicle_grams(self) -> int:
        """Grams per vehicle, without those of boxes."""
        return sum(line.unit_grams for line in self.emissions if line.per == PER_VEHICLE)

    @property
    def box_grams(self) -> int:
        """Grams per box of the boxed run."""
        return sum(line.unit_grams for line in self.emissions if line.per == PER_BOX)

    @property
    def chain(self) -> tuple[Stage, ...]:
        """The main rides in order."""
        return tuple(stage for stage in self.stages if stage.kind == RIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRun:
    """Boxes of one batch stuffed at one place for one chain of boxed rides and road dispatches.

    Itineraries share a run if stuffing place (the origin if the type is only ever boxed), boxed rides,
    boxed road dispatches and the cents of one box are all equal, and all or none of them are booked.

    Parameters
    ----------
    vehicles
        Sum over the itineraries of the run.
    boxes
        ``ceil(vehicles / vehicles_per_feu)``.
    box_cents, box_grams
        Cents and grams of CO2e of one box.
    """

    vehicles: int
    boxes: int
    box_cents: int
    box_grams: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCharge:
    """What a part of a batch pays once, however many vehicles it has: a customs entry, a transit paper.

    The itineraries of a part ride the same, so they meet the same charges per part, and each of them has
    the lines. Parts that pay nothing once have no such entry.

    Parameters
    ----------
    part
        Number of the part: :attr:`Itinerary.part`.
    cents
        Sum of the part lines of each of its itineraries.
    """

    part: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureShare:
    """What a batch pays of the price of a departure as a whole.

    The price is shared over the batches that board, by counting units boarded: largest remainder, ties by
    batch id.

    Parameters
    ----------
    kind
        ``departure`` (paid once) or ``module`` (all modules together).
    """

    service_id: ServiceId
    departure_day: date
    kind: str
    cents: int


DUE, SLOTS, MODE, WISH, PARTS, LEAST_PART, PRICE, AGAIN = REMEDY_KINDS = (
    *("due", "slots", "mode", "wish", "parts", "least_part", "price", "again"),
)
"""What can be done about vehicles that are left out; see :class:`Remedy`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """The least change of its kind with which the vehicles left out ride, all else as it is planned.

    Parameters
    ----------
    kind
        ``due``: the batch is due ``amount`` days later. ``slots``: ``amount`` more whole units on every leg
        of a departure. ``mode``: ``amount`` modes are allowed, ``names``. ``wish``: one via, ban or needed
        mode is dropped, ``names``. ``parts``: the batch may go in ``amount`` parts, together or not.
        ``least_part``: a part may have as few as ``amount`` vehicles. ``price``: leaving a vehicle out costs
        ``amount`` cents. ``again``: nothing has to change, the plan is only not the best.
    service_id, departure_day
        Of ``slots``.
    names
        Of ``mode`` and ``wish``: what is allowed, or dropped.
    is_least
        No smaller change of the kind does; else a smaller one may, it was not settled.
    text
        The change in a few words.
    """

    kind: str
    amount: int
    service_id: ServiceId | None = None
    departure_day: date | None = None
    names: tuple[str, ...] = ()
    is_least: bool = True
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """Vehicles of a batch that are left out.

    Parameters
    ----------
    reason
        The first rule that fails, one of :data:`UNPLANNED_REASONS`.
    facts
        The figures behind the reason, as a sentence.
    remedies
        One of each kind that helps, in the order of :data:`REMEDY_KINDS`; ``None`` = not looked for.
    """

    vehicles: int
    reason: str
    facts: str
    remedies: tuple[Remedy, ...] | None = None


UNPLANNED_REASONS = {
    "no_route": "nothing leads there at all: whoever carries, whatever is banned or shut, whenever",
    "not_carried": "what leads there does not take the type or the shipper",
    "banned": "what leads there and takes it is ruled out by what the batch asks for or bans",
    "closed": "what is left is shut, cancelled or not served by then",
    "past_booking": "what is left has departed or closed its bookings before today",
    "too_late": "the earliest itinerary left, whatever the room, is delivered after the latest time allowed",
    "too_dear": "the cheapest itinerary in time, whatever the room, costs at least as much as leaving out",
    "least_load": "in time and worth it, but on a departure that does not come to its least load or price",
    "parts": "in time, worth it and with room, but not in the number and size of parts allowed",
    "no_room": "in time and worth it, but the room on it is taken",
}
"""Why vehicles are left out, in the order in which the rules are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The cheapest itinerary of a batch with exactly one 15-day reference ride, alone, without capacities.

    Parameters
    ----------
    rail_min
        Minutes of the reference ride.
    door_min
        Minutes from ready to Delivered.
    cents
        Whole cents per vehicle, rounded half up, boxes full, all vehicles of the batch in one part.
    reason
        Why there is none; empty if there is one.
    """

    rail_min: int | None = None
    door_min: int | None = None
    cents: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """What the plan says of one batch.

    Parameters
    ----------
    part_charges
        By number of the part.
    """

    batch_id: BatchId
    itineraries: tuple[Itinerary, ...] = ()
    box_runs: tuple[BoxRun, ...] = ()
    part_charges: tuple[PartCharge, ...] = ()
    shares: tuple[DepartureShare, ...] = ()
    unplanned: Unplanned | None = None
    baseline: Baseline | None = None

    @property
    def planned_vehicles(self) -> int:
        """Vehicles that ride."""
        return sum(itinerary.vehicles for itinerary in self.itineraries)

    @property
    def cents(self) -> int:
        """Money spent on the batch, its shares of departures included, penalties not."""
        return (
            sum(i.vehicles * i.vehicle_cents for i in self.itineraries)
            + sum(run.boxes * run.box_cents for run in self.box_runs)
            + sum(charge.cents for charge in self.part_charges)
            + sum(share.cents for share in self.shares)
        )

    @property
    def grams(self) -> int:
        """CO2e of the batch in grams; 0 where no emission factors are known."""
        return sum(i.vehicles * i.vehicle_grams for i in self.itineraries) + sum(
            run.boxes * run.box_grams for run in self.box_runs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LegUse:
    """Load of one leg of one dated departure with limited room.

    Parameters
    ----------
    leg
        0 = from the first call to the second.
    used, capacity
        Counting units of the service's capacity unit (hundredths for CEU and cubic metres).
    unit_value_cents
        Indicative value of one more whole unit (vehicle, CEU, cubic metre or box) in cents (under
        ``time``: minutes): minus the dual of the relaxed problem.
    """

    service_id: ServiceId
    departure_day: date
    leg: int
    from_place: PlaceId
    to_place: PlaceId
    depart_min: int
    used: int
    capacity: int
    unit_value_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUse:
    """Load of a place or road with limited room on one local day.

    Parameters
    ----------
    from_place
        The place whose throughput is used (equal to ``to_place``), or where a road starts.
    form
        Form in which cargo arrives at the place, or travels on the road.
    used, capacity
        Vehicles; at a place in form ``boxed``: boxes.
    unit_value_cents
        As of :class:`LegUse`.
    """

    from_place: PlaceId
    to_place: PlaceId
    form: str
    day: date
    used: int
    capacity: int
    unit_value_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """A departure that is used and is paid, or filled, as a whole.

    Parameters
    ----------
    modules
        Modules bought; 1 where the service has none.
    boarded
        Counting units boarded over the whole departure.
    departure_cents, module_cents
        Cents of the departure, and of all modules together.
    """

    service_id: ServiceId
    departure_day: date
    modules: int
    boarded: int
    departure_cents: int
    module_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotValue:
    """What one more unit of room on every leg of a departure is worth, found by planning again.

    Parameters
    ----------
    exact
        Fall of the best value, in the unit of the objective; ``None`` if one of the two best values is not
        proved.
    low, high
        What it is at least and at most by the proved bounds; both are the exact value where it is known.
    """

    service_id: ServiceId
    departure_day: date
    exact: int | None
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One joint plan over all batches.

    Parameters
    ----------
    batches
        One entry per batch of the problem, in its order.
    departures
        Every leg with limited room that the plan uses, by service, day and leg.
    days
        Every place and road with limited room on a local day that the plan uses, by from_place, to_place,
        form and day.
    charters
        Every used departure of a service that is
        :attr:`~planner.model.services.Service.is_chartered`, by service and day.
    slot_values
        Of the tightest departures, the tightest first; empty where they were not asked for.
    cents
        Money spent: sum over the batches; never holds penalties.
    vehicle_min
        Vehicle-minutes from ready to Delivered, planned vehicles only.
    grams
        CO2e of all batches; ``None`` where the network knows no emission factors.
    blend_cents
        Under ``blend``: cents that vehicle-days and grams count; else 0. The days of a vehicle and each
        emission line are rounded half up once per unit. They are no money spent.
    penalty
        What the unplanned vehicles cost in the unit of the objective (cents, minutes or grams).
    value
        Value of the objective: ``cents`` (cost), ``vehicle_min`` (time), ``grams`` (co2e) or ``cents`` and
        ``blend_cents`` (blend), plus ``penalty``.
    lp_bound, bound
        Proven lower bounds on the best value: of the relaxation with boxes at 1/k, and with whole
        boxes; ``None`` = not computed.
    """

    objective: str
    currency: str
    batches: tuple[BatchPlan, ...]
    departures: tuple[LegUse, ...] = ()
    days: tuple[DayUse, ...] = ()
    charters: tuple[Charter, ...] = ()
    slot_values: tuple[SlotValue, ...] = ()
    cents: int
    vehicle_min: int
    grams: int | None = None
    blend_cents: int = 0
    penalty: int
    value: int
    lp_bound: int | None = None
    bound: int | None = None

    @property
    def own_value(self) -> int:
        """Value without penalties, in the unit of the objective."""
        return self.value - self.penalty

    @property
    def gap(self) -> float | None:
        """(value - bound) / own value; ``None`` when nothing is planned or no bound is known."""
        if self.bound is None or self.own_value <= 0:
            return None
        return (self.value - self.bound) / self.own_value

    def get_batch(self, batch_id: str) -> BatchPlan:
        """What becomes of a batch.

        Raises
        ------
        KeyError
            If the plan has no such batch.
        """
        for entry in self.batches:
            if entry.batch_id == batch_id:
                return entry
        raise KeyError(batch_id)
