"""The parts of a plan document: batches, itineraries, stages, room; read strictly, value by value."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.ids import BatchId, PlaceId, ServiceId, VehicleTypeId
from planner.model.plans import (
    COST_KINDS,
    PER_BOX,
    PER_PART,
    PER_VEHICLE,
    REMEDY_KINDS,
    RIDE,
    SHARED_KINDS,
    STAGE_KINDS,
    UNPLANNED_REASONS,
    Baseline,
    BatchPlan,
    BoxRun,
    Charter,
    CostLine,
    DayUse,
    DepartureShare,
    EmissionLine,
    Itinerary,
    LegUse,
    PartCharge,
    Remedy,
    SlotValue,
    Stage,
    Unplanned,
)
from planner.model.services import CAPACITY_UNITS, DELIVERY, MODES, ROAD
from planner.model.vehicles import FORMS
from planner.reading.json_nodes import Node
from planner.render.texts import counting_scale

_BATCH = (
    *("batchId", "reference", "shipper", "vehicleType", "vehicles", "origin", "destination"),
    *("readyUtc", "readyLocal", "dueUtc", "dueLocal", "plannedVehicles", "cents", "grams"),
    *("itineraries", "boxRuns", "partCharges", "shares", "unplanned", "baseline"),
    *("duties", "weakestPrice", "weakestTime"),
)
_ITINERARY = (
    *("part", "vehicles", "booked", "boxRun", "deliveredUtc", "deliveredLocal"),
    *("doorMinutes", "mainRideMinutes", "slackMinutes", "slackMinutesUnderHighTimes", "lateUnderHighTimes"),
    *("minutesAgainstBaseline", "vehicleCents", "boxCents", "vehicleGrams", "boxGrams"),
    *("stages", "lines", "emissions"),
)
_STAGE = (
    *("kind", "mode", "fromPlace", "toPlace", "startUtc", "startLocal", "endUtc", "endLocal"),
    *("fromForm", "toForm", "serviceId", "departureDay", "boardSeq", "alightSeq"),
)
_LINE = ("kind", "stage", "label", "per", "unitCents")
_EMISSION = ("stage", "per", "unitGrams")
_BOX_RUN = ("vehicles", "boxes", "boxCents", "boxGrams")
_PART_CHARGE = ("part", "cents")
_SHARE = ("serviceId", "departureDay", "kind", "cents")
_UNPLANNED = ("vehicles", "reason", "facts", "remedies")
_REMEDY = ("kind", "amount", "serviceId", "departureDay", "names", "isLeast", "text")
_BASELINE = ("railMinutes", "doorMinutes", "centsPerVehicle", "reason")
_LEG_USE = (
    *("serviceId", "departureDay", "leg", "fromPlace", "toPlace", "departUtc", "departLocal"),
    *("capacityUnit", "used", "capacity", "indicativeValueOfOneMore"),
)
_DAY_USE = ("fromPlace", "toPlace", "form", "day", "used", "capacity", "indicativeValueOfOneMore")
_SLOT_VALUE = ("serviceId", "departureDay", "exact", "low", "high")
_CHARTER = (
    *("serviceId", "departureDay", "modules", "capacityUnit", "boarded", "departureCents", "moduleCents"),
)
_LINE_KINDS = tuple(kind for kind in COST_KINDS if kind not in SHARED_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFacts:
    """What a plan document says of a batch itself.

    Parameters
    ----------
    node
        Where it says so.
    """

    node: Node
    batch_id: BatchId
    vehicle_type: VehicleTypeId
    vehicles: int
    origin: PlaceId
    destination: PlaceId
    ready_min: int
    due_min: int


def batch_facts(node: Node) -> BatchFacts:
    """Read what an entry says of the batch itself."""
    entry = node.children(_BATCH)
    return BatchFacts(
        node=node,
        batch_id=BatchId(entry["batchId"].name()),
        vehicle_type=VehicleTypeId(entry["vehicleType"].name()),
        vehicles=entry["vehicles"].whole(1),
        origin=PlaceId(entry["origin"].name()),
        destination=PlaceId(entry["destination"].name()),
        ready_min=entry["readyUtc"].minutes(),
        due_min=entry["dueUtc"].minutes(),
    )


def batch_plan(node: Node) -> BatchPlan:
    """Read what the plan says of one batch."""
    entry = node.children(_BATCH)
    itineraries = entry["itineraries"].each(_itinerary)
    box_runs = entry["boxRuns"].each(_box_run)
    for number, itinerary in enumerate(itineraries):
        if itinerary.box_run is not None and itinerary.box_run >= len(box_runs):
            where = Node(node.file, f"{node.pointer}/itineraries/{number}/boxRun", itinerary.box_run)
            raise where.refusal("is no number of a box run of this batch", "the first is 0")
    return BatchPlan(
        batch_id=BatchId(entry["batchId"].name()),
        itineraries=itineraries,
        box_runs=box_runs,
        part_charges=entry["partCharges"].each(_part_charge),
        shares=entry["shares"].each(_share),
        unplanned=entry["unplanned"].optional(_unplanned),
        baseline=entry["baseline"].optional(_baseline),
    )


def _itinerary(node: Node) -> Itinerary:
    itinerary = node.children(_ITINERARY)
    stages = itinerary["stages"].each(_stage)
    if not stages:
        raise itinerary["stages"].refusal("is empty", "an itinerary has at least one stage")
    return Itinerary(
        part=itinerary["part"].whole(1),
        vehicles=itinerary["vehicles"].whole(1),
        stages=stages,
        lines=itinerary["lines"].each(lambda line: _line(line, len(stages))),
        emissions=itinerary["emissions"].each(lambda line: _emission(line, len(stages))),
        box_run=itinerary["boxRun"].optional(lambda number: number.whole(0)),
        booked=itinerary["booked"].flag(),
    )


def _stage(node: Node) -> Stage:
    stage = node.children(_STAGE)
    kind = stage["kind"].choice(STAGE_KINDS)
    for key in ("serviceId", "departureDay", "boardSeq", "alightSeq"):
        if (kind == RIDE) != (stage[key].value is not None):
            raise stage[key].refusal("is missing for a ride" if kind == RIDE else f"must be null for {kind}")
    return Stage(
        kind=kind,
        start_min=stage["startUtc"].minutes(),
        end_min=stage["endUtc"].minutes(),
        from_place=PlaceId(stage["fromPlace"].name()),
        to_place=PlaceId(stage["toPlace"].name()),
        mode=stage["mode"].choice((*MODES, ROAD, DELIVERY)),
        from_form=stage["fromForm"].choice(FORMS),
        to_form=stage["toForm"].choice(FORMS),
        service_id=stage["serviceId"].optional(lambda service: ServiceId(service.name())),
        departure_day=stage["departureDay"].optional(Node.day),
        board_seq=stage["boardSeq"].optional(Node.whole),
        alight_seq=stage["alightSeq"].optional(Node.whole),
    )


def _line(node: Node, num_stages: int) -> CostLine:
    line = node.children(_LINE)
    return CostLine(
        kind=line["kind"].choice(_LINE_KINDS),
        stage=_stage_number(line["stage"], num_stages),
        label=line["label"].text(),
        per=line["per"].choice((PER_VEHICLE, PER_BOX, PER_PART)),
        unit_cents=line["unitCents"].whole(),
    )


def _emission(node: Node, num_stages: int) -> EmissionLine:
    line = node.children(_EMISSION)
    return EmissionLine(
        stage=_stage_number(line["stage"], num_stages),
        per=line["per"].choice((PER_VEHICLE, PER_BOX)),
        unit_grams=line["unitGrams"].whole(0),
    )


def _stage_number(node: Node, num_stages: int) -> int:
    if node.whole(0) >= num_stages:
        raise node.refusal("is no number of a stage of this itinerary", "the first is 0")
    return node.whole()


def _box_run(node: Node) -> BoxRun:
    run = node.children(_BOX_RUN)
    return BoxRun(
        vehicles=run["vehicles"].whole(1),
        boxes=run["boxes"].whole(1),
        box_cents=run["boxCents"].whole(),
        box_grams=run["boxGrams"].whole(0),
    )


def _part_charge(node: Node) -> PartCharge:
    charge = node.children(_PART_CHARGE)
    return PartCharge(part=charge["part"].whole(1), cents=charge["cents"].whole())


def _share(node: Node) -> DepartureShare:
    share = node.children(_SHARE)
    return DepartureShare(
        service_id=ServiceId(share["serviceId"].name()),
        departure_day=share["departureDay"].day(),
        kind=share["kind"].choice(SHARED_KINDS),
        cents=share["cents"].whole(),
    )


def _unplanned(node: Node) -> Unplanned:
    unplanned = node.children(_UNPLANNED)
    return Unplanned(
        vehicles=unplanned["vehicles"].whole(1),
        reason=unplanned["reason"].choice(tuple(UNPLANNED_REASONS)),
        facts=unplanned["facts"].text(),
        remedies=unplanned["remedies"].optional(lambda remedies: remedies.each(_remedy)),
    )


def _remedy(node: Node) -> Remedy:
    remedy = node.children(_REMEDY)
    service_id = remedy["serviceId"].optional(Node.name)
    return Remedy(
        kind=remedy["kind"].choice(REMEDY_KINDS),
        amount=remedy["amount"].whole(0),
        service_id=None if service_id is None else ServiceId(service_id),
        departure_day=remedy["departureDay"].optional(Node.day),
        names=remedy["names"].each(Node.text),
        is_least=remedy["isLeast"].flag(),
        text=remedy["text"].text(),
    )


def _baseline(node: Node) -> Baseline:
    baseline = node.children(_BASELINE)
    return Baseline(
        rail_min=baseline["railMinutes"].optional(Node.whole),
        door_min=baseline["doorMinutes"].optional(Node.whole),
        cents=baseline["centsPerVehicle"].optional(Node.whole),
        reason=baseline["reason"].text(),
    )


def leg_use(node: Node) -> LegUse:
    """Read the load of one leg of a departure."""
    use = node.children(_LEG_USE)
    scale = counting_scale(use["capacityUnit"].choice(CAPACITY_UNITS))
    return LegUse(
        service_id=ServiceId(use["serviceId"].name()),
        departure_day=use["departureDay"].day(),
        leg=use["leg"].whole(0),
        from_place=PlaceId(use["fromPlace"].name()),
        to_place=PlaceId(use["toPlace"].name()),
        depart_min=use["departUtc"].minutes(),
        used=_counting_units(use["used"], scale),
        capacity=_counting_units(use["capacity"], scale),
        unit_value_cents=use["indicativeValueOfOneMore"].whole(),
    )


def day_use(node: Node) -> DayUse:
    """Read the load of a place or road on one day."""
    use = node.children(_DAY_USE)
    return DayUse(
        from_place=PlaceId(use["fromPlace"].name()),
        to_place=PlaceId(use["toPlace"].name()),
        form=use["form"].choice(FORMS),
        day=use["day"].day(),
        used=use["used"].whole(0),
        capacity=use["capacity"].whole(0),
        unit_value_cents=use["indicativeValueOfOneMore"].whole(),
    )


def charter(node: Node) -> Charter:
    """Read a departure that is paid, or filled, as a whole."""
    bought = node.children(_CHARTER)
    scale = counting_scale(bought["capacityUnit"].choice(CAPACITY_UNITS))
    return Charter(
        service_id=ServiceId(bought["serviceId"].name()),
        departure_day=bought["departureDay"].day(),
        modules=bought["modules"].whole(1),
        boarded=_counting_units(bought["boarded"], scale),
        departure_cents=bought["departureCents"].whole(),
        module_cents=bought["moduleCents"].whole(),
    )


def slot_value(node: Node) -> SlotValue:
    """Read what one more unit on a departure is worth."""
    value = node.children(_SLOT_VALUE)
    return SlotValue(
        service_id=ServiceId(value["serviceId"].name()),
        departure_day=value["departureDay"].day(),
        exact=value["exact"].optional(Node.whole),
        low=value["low"].whole(0),
        high=value["high"].whole(0),
    )


def _counting_units(node: Node, scale: int) -> int:
    units = node.exact() * scale
    if units.denominator != 1 or units < 0:
        raise node.refusal("is not a whole number of counting units", f"steps of 1/{scale}, 0 or above")
    return int(units)
