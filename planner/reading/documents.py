"""Plan documents (JSON) -> plan and terms, strictly; the inverse of :mod:`planner.render.document`.

A missing or unknown key, a key that stands twice, a number that is none, a kind nobody knows are each
refused with their JSON pointer. What the document works out for its readers (local times, sums, gap) must be
there but is not read; :func:`check_worked_out` holds it against the plan.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import InputError, Issue
from planner.model.ids import BatchId, PlaceId, ServiceId
from planner.model.plans import (
    COST_KINDS,
    PER_BOX,
    PER_VEHICLE,
    RIDE,
    STAGE_KINDS,
    UNPLANNED_REASONS,
    Baseline,
    BatchPlan,
    BoxRun,
    CostLine,
    Itinerary,
    LegUse,
    Plan,
    Stage,
    Unplanned,
)
from planner.model.problem import OBJECTIVES, Terms
from planner.model.results import FEASIBLE, OPTIMAL
from planner.model.services import CAPACITY_UNITS, DELIVERY, MODES, ROAD
from planner.model.vehicles import FORMS
from planner.reading.files import name_of, read_bytes
from planner.reading.json_nodes import Node, parse_json
from planner.render.document import SCHEMA_VERSION, counting_scale, hash_of, plan_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planner.model.problem import Problem

_PLAN = (
    *("objective", "objectiveUnit", "currency", "cents", "vehicleMinutes", "penalty", "value", "ownValue"),
    *("lpBound", "bound", "gap", "absoluteGap", "totals", "centsByKind", "batches", "departures"),
)
_BATCH = (
    *("batchId", "reference", "shipper", "vehicleType", "vehicles", "origin", "destination"),
    *("readyUtc", "readyLocal", "dueUtc", "dueLocal", "plannedVehicles", "cents"),
    *("itineraries", "boxRuns", "unplanned", "baseline"),
)
_ITINERARY = (
    *("part", "vehicles", "boxRun", "deliveredUtc", "deliveredLocal", "doorMinutes", "mainRideMinutes"),
    *("slackMinutes", "minutesAgainstBaseline", "vehicleCents", "boxCents", "stages", "lines"),
)
_STAGE = (
    *("kind", "mode", "fromPlace", "toPlace", "startUtc", "startLocal", "endUtc", "endLocal"),
    *("fromForm", "toForm", "serviceId", "departureDay", "boardSeq", "alightSeq"),
)
_LINE = ("kind", "stage", "label", "per", "unitCents")
_BOX_RUN = ("vehicles", "boxes", "boxCents")
_UNPLANNED = ("vehicles", "reason", "facts")
_BASELINE = ("railMinutes", "doorMinutes", "centsPerVehicle", "reason")
_LEG_USE = (
    *("serviceId", "departureDay", "leg", "fromPlace", "toPlace", "departUtc", "departLocal"),
    *("capacityUnit", "used", "capacity", "indicativeValueOfOneMore"),
)
_RUN_RECORD = (
    *("status", "stoppedBy", "planSha256", "inputs", "terms", "options", "versions", "seconds", "counts"),
)
_INPUTS = ("networkSha256", "batchesSha256")
_TERMS = (
    *("objective", "currency", "carryingRate", "unplannedPriceCents", "unplannedMinutes", "maxLateMinutes"),
)


def read_document(source: Path | BinaryIO, name: str | None = None) -> Node:
    """Parse a plan document and check that it is one, in the version known here.

    Parameters
    ----------
    source
        Path of the file, or an open binary stream.
    name
        How faults call the file; by default its own name.

    Raises
    ------
    InputError
        If the file can't be read, is not strict JSON, or is no plan document of this version.
    """
    name = name_of(source, name)
    document = parse_json(read_bytes(source, name), name)
    found = document.value
    if not isinstance(found, dict) or "schemaVersion" not in found:
        reason = "is no plan document: it has no schemaVersion"
        raise InputError([Issue(file=name, column="/schemaVersion", reason=reason, hint="give a plan.json")])
    version = Node(name, "/schemaVersion", found["schemaVersion"])
    if version.whole() != SCHEMA_VERSION:
        raise version.refusal("is a version not known here", f"this program reads version {SCHEMA_VERSION}")
    document.children(("schemaVersion", "plan", "runRecord"))
    return document


def read_plan(source: Path | BinaryIO, name: str | None = None) -> Plan:
    """Read the plan of a document; equal to the plan it was written from.

    Raises
    ------
    InputError
        With the JSON pointer of every fault as its column.
    """
    return plan_of(read_document(source, name))


def plan_of(document: Node) -> Plan:
    """Build the plan of a parsed document, as :func:`read_plan` does."""
    plan = _top(document)["plan"].children(_PLAN)
    return Plan(
        objective=plan["objective"].choice(OBJECTIVES),
        currency=plan["currency"].name(),
        batches=plan["batches"].each(_batch_plan),
        departures=plan["departures"].each(_leg_use),
        cents=plan["cents"].whole(),
        vehicle_min=plan["vehicleMinutes"].whole(),
        penalty=plan["penalty"].whole(),
        value=plan["value"].whole(),
        lp_bound=plan["lpBound"].optional(Node.whole),
        bound=plan["bound"].optional(Node.whole),
    )


def read_terms(document: Node) -> Terms:
    """Read the terms under which the plan of a parsed document was made."""
    terms = _top(document)["runRecord"].children(_RUN_RECORD)["terms"].children(_TERMS)
    return Terms(
        objective=terms["objective"].choice(OBJECTIVES),
        currency=terms["currency"].name(),
        carrying_rate=terms["carryingRate"].exact(),
        unplanned_price=terms["unplannedPriceCents"].exact(),
        unplanned_min=terms["unplannedMinutes"].whole(0),
        max_late_min=terms["maxLateMinutes"].whole(0),
    )


def read_input_hashes(document: Node) -> tuple[str, str]:
    """SHA-256 of the network and of the batch file the plan was made from; empty where not known."""
    inputs = _top(document)["runRecord"].children(_RUN_RECORD)["inputs"].children(_INPUTS)
    return inputs["networkSha256"].text(), inputs["batchesSha256"].text()


def check_worked_out(document: Node, problem: Problem, plan: Plan) -> None:
    """Hold everything in ``plan`` of a parsed document, local times and sums too, against the plan itself.

    Its hash and its status in the run record as well: where somebody changed what no rule can work out (a
    bound, a baseline, the worth of room), the hash is another. The plan must have passed the checker, so that
    all it names is in the problem.

    Raises
    ------
    InputError
        With the pointer of every value that is not what the plan gives.
    """
    right_plan = plan_part(problem, plan)
    different = list(_differences(_top(document)["plan"], right_plan))
    record = _top(document)["runRecord"].children(_RUN_RECORD)
    if not different:
        different += _differences(record["planSha256"], hash_of(right_plan))
        is_proven = plan.bound is not None and plan.value == plan.bound
        if record["status"].choice((OPTIMAL, FEASIBLE)) == OPTIMAL and not is_proven:
            different.append((record["status"], FEASIBLE))
    issues = [
        issue
        for where, right in different
        for issue in where.refusal(
            "does not agree with the rest of the plan", f"it should be {json.dumps(right)}"
        ).issues
    ]
    if issues:
        raise InputError(issues)


def _differences(found: Node, right: object) -> Iterator[tuple[Node, object]]:
    """Lowest places where a value is another than the right one."""
    if isinstance(right, dict) and isinstance(found.value, dict) and found.value.keys() == right.keys():
        for key, child in found.children(tuple(right)).items():
            yield from _differences(child, right[key])
    elif isinstance(right, list) and isinstance(found.value, list) and len(found.value) == len(right):
        for child, item in zip(found.each(lambda node: node), right, strict=True):
            yield from _differences(child, item)
    elif found.value != right:
        yield found, right


def _top(document: Node) -> dict[str, Node]:
    return document.children(("schemaVersion", "plan", "runRecord"))


def _batch_plan(node: Node) -> BatchPlan:
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
        box_run=itinerary["boxRun"].optional(lambda number: number.whole(0)),
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
    if line["stage"].whole(0) >= num_stages:
        raise line["stage"].refusal("is no number of a stage of this itinerary", "the first is 0")
    return CostLine(
        kind=line["kind"].choice(COST_KINDS),
        stage=line["stage"].whole(),
        label=line["label"].text(),
        per=line["per"].choice((PER_VEHICLE, PER_BOX)),
        unit_cents=line["unitCents"].whole(),
    )


def _box_run(node: Node) -> BoxRun:
    run = node.children(_BOX_RUN)
    return BoxRun(
        vehicles=run["vehicles"].whole(1), boxes=run["boxes"].whole(1), box_cents=run["boxCents"].whole()
    )


def _unplanned(node: Node) -> Unplanned:
    unplanned = node.children(_UNPLANNED)
    return Unplanned(
        vehicles=unplanned["vehicles"].whole(1),
        reason=unplanned["reason"].choice(tuple(UNPLANNED_REASONS)),
        facts=unplanned["facts"].text(),
    )


def _baseline(node: Node) -> Baseline:
    baseline = node.children(_BASELINE)
    return Baseline(
        rail_min=baseline["railMinutes"].optional(Node.whole),
        door_min=baseline["doorMinutes"].optional(Node.whole),
        cents=baseline["centsPerVehicle"].optional(Node.whole),
        reason=baseline["reason"].text(),
    )


def _leg_use(node: Node) -> LegUse:
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


def _counting_units(node: Node, scale: int) -> int:
    units = node.exact() * scale
    if units.denominator != 1 or units < 0:
        raise node.refusal("is not a whole number of counting units", f"steps of 1/{scale}, 0 or above")
    return int(units)
