"""The head of a plan, as the report shows it: what it is judged by, and how it stands beside the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.web.figures import NONE, kilograms, money, objective_value, tenths, tonnes, whole
from service.web.tables import Cell, Head, Table, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from service.web.languages import Speech

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with what it is and what to make of it."""

    word: str
    value: str
    below: str
    tone: str = ""


def subtitle(say: Speech, shown: Mapping[str, Any]) -> str:
    """How much is planned, for what."""
    head = shown["headline"]
    return say(
        "subtitle",
        batches=say.counted("batches_count", head["batches"]),
        vehicles=say.counted("vehicles_count", head["vehicles"]),
        first=head["readyFirst"],
        last=head["readyLast"],
        objective=say(f"objective_{shown['objective']}"),
        currency=shown["currency"],
    )


def verdict(say: Speech, shown: Mapping[str, Any]) -> str:
    """The plan in four sentences."""
    head, currency = shown["headline"], shown["currency"]
    proof = head["proof"]
    sentences = [
        say(
            "verdict_some" if head["unplannedVehicles"] else "verdict_all",
            planned=whole(head["plannedVehicles"]),
            vehicles=whole(head["vehicles"]),
            left=whole(head["unplannedVehicles"]),
            batches=say.counted("batches_count", head["batchesLeftOut"]),
        )
    ]
    if head["plannedVehicles"]:
        slow = whole(head["lateVehiclesUnderHighTimes"])
        sentences += [
            say(
                "verdict_time",
                share=head["onTimeShare"],
                slow=slow,
                slow_share=head["lateUnderHighTimesShare"],
            ),
            say(
                "verdict_cost",
                each=f"{money(head['centsEach'])} {currency}",
                total=f"{money(head['cents'])} {currency}",
                days=tenths(head["doorDays"]),
            ),
        ]
    if proof["status"] == "OPTIMAL":
        sentences.append(say("verdict_optimal"))
    elif proof["gap"] is None:
        sentences.append(say("verdict_no_bound"))
    else:
        sentences.append(say("verdict_gap", gap=proof["gap"]))
    return say("between_sentences").join(sentences)


def tiles(say: Speech, shown: Mapping[str, Any]) -> list[Tile]:
    """The figures of the head."""
    head, currency = shown["headline"], shown["currency"]
    proof, baseline = head["proof"], head["baseline"]
    left, slow = head["unplannedVehicles"], head["lateVehiclesUnderHighTimes"]
    found = [
        Tile(
            say("planned"),
            whole(head["plannedVehicles"]),
            say("of_left_out", share=head["plannedShare"], left=whole(left))
            if left
            else say("all_of", vehicles=whole(head["vehicles"])),
            "is-bad" if left else "is-good",
        ),
        Tile(
            say("on_time"),
            head["onTimeShare"],
            say.counted("late_vehicles", head["lateVehicles"]) if head["lateVehicles"] else say("none_late"),
            "is-warn" if head["lateVehicles"] else "is-good",
        ),
        Tile(
            say("late_if_slow"),
            head["lateUnderHighTimesShare"],
            say.counted("vehicles_count", slow),
            "is-warn" if slow else "is-good",
        ),
        *_tiles_of_a_vehicle(say, head, currency),
    ]
    by_rail = baseline["railDays"]
    found.append(
        Tile(
            say("against_claim"),
            NONE if by_rail is None else say("days", count=tenths(by_rail)),
            say("nobody_by_rail")
            if by_rail is None
            else say("on_the_train", days=tenths(baseline["referenceDays"])),
        )
    )
    is_best = proof["status"] == "OPTIMAL"
    if proof["bound"] is None:
        below = say("no_bound")
    elif is_best:
        below = say("no_better")
    else:
        amount = objective_value(say, proof["absoluteGap"], proof["unit"], currency)
        below = say("at_most_above", amount=amount)
    found.append(Tile(say("gap"), say("optimal") if is_best else proof["gap"] or NONE, below))
    return found


def _tiles_of_a_vehicle(say: Speech, head: Mapping[str, Any], currency: str) -> list[Tile]:
    """What a vehicle that goes comes to; dashes where none goes."""
    goes = bool(head["plannedVehicles"])
    found = [
        Tile(
            say("cost_each"),
            f"{money(head['centsEach'])} {currency}" if goes else NONE,
            say("in_all", amount=f"{money(head['cents'])} {currency}"),
        ),
        Tile(
            say("door_days"),
            say("days", count=tenths(head["doorDays"])) if goes else NONE,
            say("haul_days", count=tenths(head["haulDays"])),
        ),
    ]
    if head["grams"] is not None:
        each = say("kg", count=kilograms(head["gramsEach"])) if goes else NONE
        in_all = say("in_all", amount=say("tonnes", count=tonnes(head["grams"])))
        found.append(Tile(say("co2e_each"), each, in_all))
    return found


def modes_table(say: Speech, shown: Mapping[str, Any]) -> Table:
    """How the vehicles go."""
    head = shown["headline"]
    has_grams = head["grams"] is not None
    heads = [
        Head(say("main_mode")),
        *map(figure, (say("vehicles"), say("share"), say("by_barge_too"), say("days_word"))),
        figure(say("currency_each", currency=shown["currency"])),
    ]
    rows: list[Sequence[str | Cell]] = []
    for one in head["modes"]:
        row = [
            Cell(say(one["mode"]), mode=one["mode"]),
            whole(one["vehicles"]),
            one["share"],
            whole(one["byRiver"]) if one["byRiver"] else NONE,
            tenths(one["doorDays"]),
            money(one["centsEach"]),
        ]
        rows.append([*row, kilograms(one["gramsEach"])] if has_grams else row)
    if has_grams:
        heads.append(figure(say("kg_word")))
    return Table(heads, rows, say("how_they_go"))


def baseline_table(say: Speech, shown: Mapping[str, Any]) -> Table:
    """The plan against the baseline: days on the train against 15, and door to door."""
    against = shown["headline"]["baseline"]
    heads = [Head(""), *map(figure, (say("vehicles"), say("plan"), say("baseline"), say("no_worse")))]
    rows = []
    if against["railVehicles"]:
        rows.append(
            [
                say("days_on_train"),
                whole(against["railVehicles"]),
                tenths(against["railDays"]),
                tenths(against["referenceDays"]),
                against["railWithin"],
            ]
        )
    if against["vehicles"]:
        number = whole(against["vehicles"])
        rows += [
            [
                say("days_door_to_door"),
                number,
                tenths(against["doorDays"]),
                tenths(against["baseDoorDays"]),
                against["asFast"],
            ],
            [
                say("currency_each", currency=shown["currency"]),
                number,
                money(against["centsEach"]),
                money(against["baseCentsEach"]),
                against["asCheap"],
            ],
        ]
    return Table(heads, rows, say("against_fifteen"))


def without_baseline(say: Speech, shown: Mapping[str, Any]) -> str:
    """Why vehicles have no baseline; empty if all have one."""
    without = shown["headline"]["baseline"]["without"]
    if not without:
        return ""
    reasons = say("semicolon").join(f"{say(reason)} ({whole(number)})" for reason, number in without)
    return say("no_baseline", reasons=reasons)
