"""Plan documents (JSON) -> plan and terms, strictly; the inverse of :mod:`planner.render.document`.

A missing or unknown key, a key that stands twice, a number that is none, a kind nobody knows are each
refused with their JSON pointer. What the document works out for its readers (local times, sums, gap) must be
there but is not read; :func:`check_worked_out` holds it against the plan.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import InputError, Issue
from planner.model.plans import Plan
from planner.model.problem import OBJECTIVES, TIMES, Terms
from planner.model.results import FEASIBLE, OPTIMAL
from planner.reading.document_parts import batch_facts, batch_plan, charter, day_use, leg_use, slot_value
from planner.reading.files import Source, name_of, read_bytes
from planner.reading.json_nodes import Node, parse_json
from planner.render.document import SCHEMA_VERSION, hash_of, plan_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.model.problem import Problem
    from planner.reading.document_parts import BatchFacts

_PLAN = (
    *("objective", "objectiveUnit", "currency", "cents", "vehicleMinutes", "grams", "blendCents", "penalty"),
    *("value", "ownValue", "lpBound", "bound", "gap", "absoluteGap", "totals", "centsByKind", "gramsByMode"),
    *("dutyCents", "grounds"),
    *("batches", "departures", "days", "charters", "slotValues"),
)
_RUN_RECORD = (
    *("status", "stoppedBy", "planSha256", "inputs", "terms", "options", "versions", "seconds", "counts"),
)
_INPUTS = ("networkSha256", "batchesSha256", "keptPlanSha256", "ratesDate", "whatIf")
_TERMS = (
    *("objective", "currency", "carryingRate", "unplannedPriceCents", "unplannedMinutes", "unplannedGrams"),
    *("maxLateMinutes", "dayValueCents", "carbonPriceCents", "times", "today"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the plan of a document was made from.

    Parameters
    ----------
    network_sha256, batches_sha256
        Of the tables and of the batch file; empty where not known.
    kept_plan_sha256
        Of the file of the plan of which something is kept; empty if nothing is.
    rates_date
        Day of the rates; ``None`` = the newest.
    what_if
        Switches that changed the network.
    """

    network_sha256: str
    batches_sha256: str
    kept_plan_sha256: str
    rates_date: date | None
    what_if: tuple[str, ...]


def read_document(source: Source, name: str | None = None) -> Node:
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
    if version.whole() < SCHEMA_VERSION:
        reason = f"is the version of an older program, this one reads version {SCHEMA_VERSION}"
        raise version.refusal(reason, "plan the batches again with this program")
    if version.whole() > SCHEMA_VERSION:
        raise version.refusal("is a version not known here", f"this program reads version {SCHEMA_VERSION}")
    _top(document)
    return document


def read_plan(source: Source, name: str | None = None) -> Plan:
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
        batches=plan["batches"].each(batch_plan),
        departures=plan["departures"].each(leg_use),
        days=plan["days"].each(day_use),
        charters=plan["charters"].each(charter),
        slot_values=plan["slotValues"].each(slot_value),
        cents=plan["cents"].whole(),
        vehicle_min=plan["vehicleMinutes"].whole(),
        grams=plan["grams"].optional(Node.whole),
        blend_cents=plan["blendCents"].whole(),
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
        unplanned_grams=terms["unplannedGrams"].whole(0),
        max_late_min=terms["maxLateMinutes"].whole(0),
        day_value=terms["dayValueCents"].exact(),
        carbon_price=terms["carbonPriceCents"].exact(),
        times=terms["times"].choice(TIMES),
        today=terms["today"].optional(Node.day),
    )


def read_inputs(document: Node) -> Inputs:
    """Read what the plan of a parsed document was made from."""
    inputs = _top(document)["runRecord"].children(_RUN_RECORD)["inputs"].children(_INPUTS)
    return Inputs(
        network_sha256=inputs["networkSha256"].text(),
        batches_sha256=inputs["batchesSha256"].text(),
        kept_plan_sha256=inputs["keptPlanSha256"].text(),
        rates_date=inputs["ratesDate"].optional(Node.day),
        what_if=inputs["whatIf"].each(Node.text),
    )


def read_batch_facts(document: Node) -> tuple[BatchFacts, ...]:
    """Read what a parsed document says of the batches themselves, in the order of the plan."""
    return _top(document)["plan"].children(_PLAN)["batches"].each(batch_facts)


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
    return document.children(("schemaVersion", "plan", "runRecord", "difference"))
