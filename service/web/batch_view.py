"""What a plan does with batches: a line each in a table, and one with every stage and price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from service.web.figures import (
    NONE,
    days,
    exact_money,
    kilograms,
    local,
    mean,
    money,
    place_name,
    signed,
    whole,
)
from service.web.shown import Places, places_of, types_of
from service.web.tables import Cell, Head, Row, Table, figure

if TYPE_CHECKING:
    from service.web.languages import Speech

Json = Mapping[str, Any]
ROAD = "road"
MOST_CHAINS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A part of a batch and its stages."""

    title: str
    stages: Table


class BatchView:
    """Batches of one plan in one language."""

    def __init__(self, say: Speech, shown: Json, base: str) -> None:
        self._say = say
        self._currency: str = shown["currency"]
        self._has_grams = shown["headline"]["grams"] is not None
        self._places: Places = places_of(shown)
        self._types: Places = types_of(shown)
        self._base = base

    def table(self, documents: Sequence[Json]) -> Table:
        """A line a batch."""
        say = self._say
        heads = [
            *map(Head, (say("batch"), say("from"), say("to"))),
            *map(figure, (say("vehicles"), say("planned"))),
            *map(Head, (say("way"), say("leaves"), say("delivered"))),
            figure(say("slack")),
            figure(say("currency_each", currency=self._currency)),
            *map(figure, (say("days_word"), say("against_baseline"))),
            Head(say("reason")),
        ]
        return Table(heads, [self._line(one) for one in documents])

    def href(self, batch_id: str) -> str:
        """Address of the page of a batch."""
        return f"{self._base}/batches/{quote(batch_id, safe='')}"

    def _line(self, batch: Json) -> Row:
        rides = batch["itineraries"]
        planned = batch["plannedVehicles"]
        door = mean(sum(one["vehicles"] * one["doorMinutes"] for one in rides), planned) if rides else None
        base = batch["baseline"] and batch["baseline"]["doorMinutes"]
        against = None if door is None or base is None else door - base
        slack = min((one["slackMinutes"] for one in rides), default=None)
        unplanned = batch["unplanned"]
        first = min((_first_leg(one) for one in rides), key=lambda leg: leg["startUtc"], default=None)
        last = max(rides, key=lambda one: one["deliveredUtc"], default=None)
        return [
            Cell(batch["batchId"], href=self.href(batch["batchId"])),
            self._place(batch["origin"]),
            self._place(batch["destination"]),
            whole(batch["vehicles"]),
            Cell(whole(planned), tone="bad" if unplanned else None),
            self._chains(rides),
            NONE if first is None else first["startLocal"][:10],
            NONE if last is None else last["deliveredLocal"][:10],
            Cell(days(slack), tone="bad" if slack is not None and slack < 0 else None),
            money(mean(batch["cents"], planned)),
            days(door),
            signed(days(against), against),
            Cell(self._say(f"reason_{unplanned['reason']}"), tone="bad") if unplanned else "",
        ]

    def _place(self, place_id: str) -> str:
        return place_name(self._say, self._places, place_id)

    def _chains(self, rides: Sequence[Json]) -> str:
        """Modes of its ways, those first that take most vehicles."""
        chains: dict[str, int] = {}
        for one in rides:
            modes = [stage["mode"] for stage in one["stages"] if stage["kind"] == "ride"] or [ROAD]
            text = " › ".join(map(self._say, modes))
            chains[text] = chains.get(text, 0) + one["vehicles"]
        order = sorted(chains.items(), key=lambda chain: -chain[1])
        shown = [
            text if len(order) == 1 else f"{whole(number)} {text}" for text, number in order[:MOST_CHAINS]
        ]
        if len(order) > MOST_CHAINS:
            shown.append(f"+{len(order) - MOST_CHAINS}")
        return " · ".join(shown)

    def route(self, batch: Json) -> str:
        """From where to where, and what."""
        kind = place_name(self._say, self._types, batch["vehicleType"])
        return f"{self._place(batch['origin'])} → {self._place(batch['destination'])} · {kind}"

    def facts(self, batch: Json) -> list[tuple[str, str]]:
        """What is asked for a batch, and what it comes to."""
        say, currency = self._say, self._currency
        base, unplanned = batch["baseline"], batch["unplanned"]
        shares = [
            say(
                "share_of",
                kind=say(f"kind_{one['kind']}"),
                service=one["serviceId"],
                amount=f"{exact_money(one['cents'])} {currency}",
            )
            for one in batch["shares"]
        ]
        found = [
            (say("vehicles"), whole(batch["vehicles"])),
            (say("reference"), batch["reference"]),
            (say("shipper"), batch["shipper"]),
            (say("ready"), local(batch["readyLocal"])),
            (say("due"), local(batch["dueLocal"])),
            (say("cost_in_all"), f"{exact_money(batch['cents'])} {currency}"),
            (say("shares"), say("semicolon").join(shares)),
        ]
        if base is not None:
            text = say(base["reason"]) if base["doorMinutes"] is None else self._baseline(base)
            found.append((say("baseline"), text))
        if unplanned is not None:
            found.append((say("left_out"), say.counted("vehicles_count", unplanned["vehicles"])))
        return [(word, text) for word, text in found if text]

    def _baseline(self, base: Json) -> str:
        amount = f"{exact_money(base['centsPerVehicle'])} {self._currency}"
        return self._say(
            "baseline_figures",
            rail=days(base["railMinutes"]),
            door=days(base["doorMinutes"]),
            amount=amount,
        )

    def ways(self, batch: Json) -> list[Way]:
        """Its parts, stage by stage and price by price."""
        return [Way(self._way_title(one), self._stages(one)) for one in batch["itineraries"]]

    def _way_title(self, one: Json) -> str:
        say = self._say
        slow = one["slackMinutesUnderHighTimes"]
        facts = [
            say.counted("vehicles_count", one["vehicles"]),
            say("part", number=one["part"]),
            say("booked") if one["booked"] else "",
            say("days", count=days(one["doorMinutes"])),
            self._slack(one["slackMinutes"]),
            say("if_slow", slack=say("gate_missed") if slow is None else self._slack(slow)),
        ]
        return " · ".join(fact for fact in facts if fact)

    def _slack(self, minutes: int) -> str:
        return self._say("days_late" if minutes < 0 else "days_early", count=days(abs(minutes)))

    def _stages(self, one: Json) -> Table:
        say, currency = self._say, self._currency
        heads = [
            *map(Head, (say("starts_local"), say("stage"), say("form"))),
            figure(say("days_word")),
            figure(say("per_vehicle", currency=currency)),
            figure(say("per_box", currency=currency)),
        ]
        if self._has_grams:
            heads.append(figure(say("kg_word")))
        rows: list[Row] = []
        for number, stage in enumerate(one["stages"]):
            mass = next((line for line in one["emissions"] if line["stage"] == number), None)
            rows.append(self._stage(stage, mass))
            rows += [self._price(line) for line in one["lines"] if line["stage"] == number]
        boxes = exact_money(one["boxCents"]) if one["boxCents"] else ""
        end: Row = [
            local(one["deliveredLocal"]),
            Cell(say("delivered"), tone="best"),
            "",
            days(one["doorMinutes"]),
            exact_money(one["vehicleCents"]),
            boxes,
        ]
        rows.append([*end, ""] if self._has_grams else end)
        return Table(heads, rows)

    def _stage(self, stage: Json, mass: Json | None) -> Row:
        is_leg = stage["kind"] in ("ride", "road")
        spent = _minutes(stage["startUtc"], stage["endUtc"])
        row: list[str | Cell] = [
            local(stage["startLocal"]),
            Cell(self._stage_text(stage), mode=stage["mode"] if is_leg else None),
            self._say(stage["toForm"]),
            days(spent),
            "",
            "",
        ]
        if not self._has_grams:
            return row
        if mass is None:
            return [*row, ""]
        each = f" {self._say('a_box')}" if mass["per"] == "box" else ""
        return [*row, f"{kilograms(mass['unitGrams'])}{each}"]

    def _stage_text(self, stage: Json) -> str:
        say = self._say
        here = self._place(stage["fromPlace"])
        leads = say("delivered" if stage["mode"] == "delivery" else stage["mode"]).lower()
        if stage["kind"] == "dwell":
            return say("stage_dwell", place=here, mode=leads)
        if stage["kind"] == "handling":
            if stage["fromForm"] == stage["toForm"]:
                key = "stage_delivery" if stage["mode"] == "delivery" else "stage_handling"
            else:
                key = "stage_stuffing" if stage["toForm"] == "boxed" else "stage_stripping"
            return say(key, place=here, mode=leads)
        way = f"{say(stage['mode'])}{say('colon')}{here} → {self._place(stage['toPlace'])}"
        if stage["serviceId"] is None:
            return way
        return f"{way}{say('comma')}{stage['serviceId']} {stage['departureDay']}"

    def _price(self, line: Json) -> Row:
        label = line["label"].removeprefix(line["kind"]).strip()
        amount = exact_money(line["unitCents"])
        a_part = f"{amount} {self._say('a_part')}"
        in_boxes = {"box": amount, "part": a_part}.get(line["per"], "")
        row: list[str | Cell] = [
            "",
            Cell(f"{self._say('kind_' + line['kind'])} {label}", tone="faint"),
            "",
            "",
            Cell(amount if line["per"] == "vehicle" else "", tone="faint"),
            Cell(in_boxes, tone="faint"),
        ]
        return [*row, ""] if self._has_grams else row


def _first_leg(one: Json) -> Json:
    stages: Sequence[Json] = one["stages"]
    return next((stage for stage in stages if stage["kind"] in ("ride", "road")), stages[0])


def _minutes(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()) // 60
