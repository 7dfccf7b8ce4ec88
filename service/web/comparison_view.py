"""A comparison as the report shows it: alternatives side by side, and who wins which batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from service.web.figures import (
    NONE,
    days,
    exact_money,
    gap_percent,
    kilograms,
    mean,
    money,
    objective_value,
    percent,
    place_name,
    signed,
    tenths,
    whole,
)
from service.web.shown import places_of
from service.web.tables import Cell, Head, Row, Table, figure

if TYPE_CHECKING:
    from service.web.languages import Speech

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """What an alternative comes to, in a sentence."""

    name: str
    text: str


def cents_of(own: Json) -> Fraction | None:
    """Cost of a vehicle."""
    return mean(own["cents"], own["plannedVehicles"])


def door_of(own: Json) -> Fraction | None:
    """Minutes door to door of a vehicle."""
    return mean(own["doorMinutes"], own["plannedVehicles"])


def haul_of(own: Json) -> Fraction | None:
    """Minutes on main rides of a vehicle that has one."""
    return mean(own["mainRideMinutes"], own["mainRideVehicles"])


def grams_of(own: Json) -> Fraction | None:
    """Mass of CO2e of a vehicle."""
    return mean(own["grams"], own["plannedVehicles"])


class ComparisonView:
    """A comparison in one language."""

    def __init__(self, say: Speech, shown: Json) -> None:
        self.say = say
        self.comparison: Json = shown["comparison"]
        self.alternatives: Sequence[Json] = self.comparison["alternatives"]
        self.currency: str = shown["currency"]
        self._places = places_of(shown)
        self._reference = tenths(shown["headline"]["baseline"]["referenceDays"])
        self._knows_grams = any(one["total"]["grams"] is not None for one in self.alternatives)

    def name(self, name: str) -> str:
        """One of our own alternatives has a name in both languages; others are called as their maker did."""
        return self.say.find(f"alternative_{name}", name)

    def place(self, place_id: str) -> str:
        """Name of a place."""
        return place_name(self.say, self._places, place_id)

    def value(self, value: int | None) -> str:
        """A value of the objective."""
        return objective_value(self.say, value, self.comparison["objectiveUnit"], self.currency)

    def lines(self) -> list[Line]:
        """A sentence an alternative."""
        return [Line(self.name(one["name"]), self._verdict(one["total"])) for one in self.alternatives]

    def _verdict(self, total: Json) -> str:
        if not total["plannedVehicles"]:
            return self.say("compared_none", vehicles=whole(total["vehicles"]))
        return self.say(
            "compared_some" if total["unplannedVehicles"] else "compared_all",
            planned=whole(total["plannedVehicles"]),
            vehicles=whole(total["vehicles"]),
            left=whole(total["unplannedVehicles"]),
            each=f"{money(cents_of(total))} {self.currency}",
            days=days(door_of(total)),
        )

    def each(self) -> str:
        """Heading of what a vehicle costs."""
        return self.say("currency_each", currency=self.currency)

    def alternatives_table(self) -> Table:
        """Totals of the alternatives."""
        say = self.say
        heads = [
            Head(say("alternative")),
            *map(figure, (say("planned"), say("left_out"), say("on_time"), say("late"), say("late_slow"))),
            figure(self.each()),
            figure(say("total_in", currency=self.currency)),
            *map(figure, (say("days_door"), say("days_haul"))),
            *([figure(say("kg_each"))] if self._knows_grams else []),
            *map(figure, (say("gap"), say("wins"))),
        ]
        return Table(heads, [self._total(one) for one in self.alternatives])

    def _total(self, one: Json) -> Row:
        total, say = one["total"], self.say
        planned, left, late = total["plannedVehicles"], total["unplannedVehicles"], total["lateVehicles"]
        slow = total["lateVehiclesUnderHighTimes"]
        return [
            self.name(one["name"]),
            whole(planned),
            Cell(whole(left), tone="bad") if left else NONE,
            percent(planned - late, planned),
            whole(late) if late else NONE,
            whole(slow) if slow else NONE,
            money(cents_of(total)),
            money(total["cents"]),
            days(door_of(total)),
            days(haul_of(total)),
            *([kilograms(grams_of(total))] if self._knows_grams else []),
            gap_percent(one["gap"]),
            say.counted("batches_count", one["wins"]) if _has_wishes(one) else NONE,
        ]

    def wishes(self) -> str:
        """What each alternative asks of every batch."""
        say = self.say
        texts = [
            f"{self.name(one['name'])}{say('colon')}{self._wishes(one) or say('wish_none')}"
            for one in self.alternatives
        ]
        return say("full_stop").join(texts) + say("full_stop") + say("wins_note")

    def _wishes(self, one: Json) -> str:
        say = self.say
        return say("semicolon").join(
            say(f"wish_{key}", values=say("enumerated").join(map(self._wished, values)))
            for key, values in one["wishes"].items()
            if values
        )

    def _wished(self, value: str) -> str:
        if value in self._places:
            return self.place(value)
        return self.say.find(value, value).lower() if value.islower() else value

    def common_table(self) -> Table | None:
        """Figures over the batches that every alternative plans as a whole."""
        vehicles = self.alternatives[0]["common"]["vehicles"]
        if not vehicles:
            return None
        say = self.say
        columns = [(self.each(), cents_of, money), (say("days_door"), door_of, days)]
        columns += [(say("days_haul"), haul_of, days)]
        columns += [(say("kg_each"), grams_of, kilograms)] if self._knows_grams else []
        found = [[value(one["common"]) for _, value, _ in columns] for one in self.alternatives]
        least = [
            min((one for one in column if one is not None), default=None)
            for column in zip(*found, strict=True)
        ]
        rows: list[Row] = [
            [
                self.name(one["name"]),
                *(
                    Cell(show(value), tone="best" if value is not None and value == best else None)
                    for value, best, (_, _, show) in zip(values, least, columns, strict=True)
                ),
            ]
            for one, values in zip(self.alternatives, found, strict=True)
        ]
        caption = say(
            "common_title",
            vehicles=say.counted("vehicles_count", vehicles),
            batches=say.counted("batches_count", len(self.comparison["commonBatches"])),
        )
        return Table([Head(say("alternative")), *(figure(head) for head, _, _ in columns)], rows, caption)

    def beside_table(self) -> Table:
        """Both figures of the baseline."""
        say = self.say
        heads = [
            Head(say("alternative")),
            *map(figure, (say("by_train"), say("days_on_train"), say("within_days", days=self._reference))),
            *map(figure, (say("has_baseline"), say("days_and_base"), say("difference"))),
            figure(say("money_and_base", currency=self.currency)),
            figure(say("difference")),
        ]
        caption = say("beside_title", days=self._reference)
        return Table(heads, [self._beside(one) for one in self.alternatives], caption)

    def _beside(self, one: Json) -> Row:
        total, own = one["total"], one["besideBaseline"]
        vehicles, by_rail = own["vehicles"], total["railVehicles"]
        door, base_door = (mean(own[key], vehicles) for key in ("doorMinutes", "baselineDoorMinutes"))
        cents, base_cents = (mean(own[key], vehicles) for key in ("cents", "baselineCents"))
        longer = None if door is None or base_door is None else door - base_door
        dearer = None if cents is None or base_cents is None else cents - base_cents
        return [
            self.name(one["name"]),
            whole(by_rail) if by_rail else NONE,
            days(mean(total["railMinutes"], by_rail)),
            percent(total["railVehiclesWithinReference"], by_rail),
            whole(vehicles) if vehicles else NONE,
            f"{days(door)} / {days(base_door)}" if vehicles else NONE,
            signed(days(longer), longer),
            f"{money(cents)} / {money(base_cents)}" if vehicles else NONE,
            signed(money(dearer), dearer),
        ]

    def spent_table(self) -> Table | None:
        """What a vehicle's money goes into."""
        shown = [one for one in self.alternatives if one["total"]["plannedVehicles"]]
        if not shown:
            return None
        kinds = [kind for kind in shown[0]["centsByKind"] if any(one["centsByKind"][kind] for one in shown)]

        def each(one: Json, kind: str) -> str:
            cents = one["centsByKind"][kind]
            return money(mean(cents, one["total"]["plannedVehicles"])) if cents else NONE

        return Table(
            [Head(self.each()), *(figure(self.name(one["name"])) for one in shown)],
            [[self.say(f"kind_{kind}"), *(each(one, kind) for one in shown)] for kind in kinds],
            None,
            [self.say("total"), *(money(cents_of(one["total"])) for one in shown)],
        )

    def without_table(self) -> Table | None:
        """Totals beside those without the changes of what-if."""
        without = self.comparison.get("withoutWhatIf")
        if not without:
            return None
        say = self.say
        heads = [Head(say("alternative")), figure(say("planned")), figure(say("planned_without"))]
        heads += [figure(self.each()), figure(say("each_without", currency=self.currency))]
        heads += [figure(say("days_door")), figure(say("days_without"))]
        rows = [
            [
                self.name(one["name"]),
                *(whole(own["plannedVehicles"]) for own in both),
                *(money(cents_of(own)) for own in both),
                *(days(door_of(own)) for own in both),
            ]
            for one in self.alternatives
            for both in [(one["total"], without[one["name"]])]
        ]
        return Table(heads, rows, say("beside_what_if"))

    def winners_table(self, rows: Sequence[Json]) -> Table:
        """Cost and days of a vehicle of each batch under every alternative, and who wins it."""
        say = self.say
        heads = [
            *map(Head, (say("batch"), say("from"), say("to"))),
            figure(say("vehicles")),
            Head(say("winner")),
            figure(say("margin")),
        ]
        for one in self.alternatives:
            name = self.name(one["name"])
            heads += [figure(f"{name}{say('comma')}{head}") for head in (self.each(), say("days_word"))]
        return Table(heads, [self._winner(row) for row in rows])

    def _winner(self, row: Json) -> Row:
        cells: list[str | Cell] = [
            row["batchId"],
            self.place(row["origin"]),
            self.place(row["destination"]),
            whole(row["vehicles"]),
            self.say("winner_none") if row["winner"] is None else self.name(row["winner"]),
            self.value(row["margin"]),
        ]
        for one in self.alternatives:
            own = row["alternatives"][one["name"]]
            left = f"({whole(own['unplannedVehicles'])})" if own["unplannedVehicles"] else ""
            cost = money(cents_of(own)) if own["plannedVehicles"] else ""
            is_best = row["winner"] == one["name"]
            text = " ".join(filter(None, (cost, left))) or NONE
            cells += [Cell(text, tone="best" if is_best else None), days(door_of(own))]
        return cells

    def break_even_table(self, rows: Sequence[Json], by_id: Mapping[str, Json]) -> Table:
        """At which price of the train each batch's choice flips."""
        say, currency = self.say, self.currency
        heads = [
            *map(Head, (say("batch"), say("to"))),
            figure(say("vehicles")),
            Head(say("goes_by_train")),
            figure(say("freight_today", currency=currency)),
            figure(say("break_even_price", currency=currency)),
            figure(say("change")),
            figure(say("day_value", currency=currency)),
            Head(say("remark")),
        ]
        return Table(heads, [self._break_even(row, by_id[row["batchId"]]) for row in rows])

    def _break_even(self, row: Json, batch: Json) -> Row:
        say, left = self.say, row["unplannedWithoutTrains"]
        extra = None if left else row["extraCentsPerBox"]
        remarks = [say("left_without", vehicles=say.counted("vehicles_count", left))] if left else []
        remarks += [] if row["exact"] else [say("not_proved")]
        return [
            row["batchId"],
            self.place(batch["destination"]),
            whole(batch["vehicles"]),
            say("yes" if row["byTrain"] else "no"),
            money(row["freightCentsPerBox"]),
            NONE if left else money(row["breakEvenCentsPerBox"]),
            signed(money(extra), extra),
            exact_money(row["dayValueCents"]),
            say("comma").join(remarks),
        ]

    def sweeps(self) -> Iterator[Table]:
        """A table for each range that was gone through."""
        for sweep in (self.comparison["study"] or {}).get("sweeps", ()):
            yield self._sweep(sweep)

    def _sweep(self, sweep: Json) -> Table:
        say = self.say
        points = sweep["points"]
        modes = sorted({mode for point in points for mode in point["vehiclesByMode"]})
        heads = [
            figure(say(f"axis_{sweep['kind']}", currency=self.currency)),
            *map(figure, (say("planned"), say("by_export_train"), *map(say, modes))),
            *map(figure, (self.each(), say("days_door"))),
        ]
        rows = [
            [
                amount(point["at"]),
                whole(planned),
                percent(point["vehiclesByTrain"], planned),
                *(percent(point["vehiclesByMode"].get(mode, 0), planned) for mode in modes),
                money(mean(point["cents"], planned)),
                days(mean(point["vehicleMinutes"], planned)),
            ]
            for point in points
            for planned in [point["plannedVehicles"]]
        ]
        return Table(heads, rows, say(f"sweep_{sweep['kind']}"))

    def flips(self) -> list[str]:
        """Where the lead changes between trains and the rest, all batches planned jointly."""
        study = self.comparison["study"] or {}
        return [self._flip(flip) for flip in study.get("total", ())]

    def _flip(self, flip: Json) -> str:
        say, below, above = self.say, flip["below"], flip["above"]
        if below is None or above is None:
            what = say(f"sweep_{flip['kind']}")
            return say("flip_always" if flip["leads"] else "flip_never", what=what)
        is_day = flip["kind"] == "day-value"

        def at(point: Json) -> str:
            if is_day:
                return amount(point["at"])
            changed = -Fraction(point["at"])
            return signed(money(changed * 100), changed)

        return say(
            "flip_detail_day" if is_day else "flip_detail",
            share_low=percent(below["vehiclesByTrain"], below["plannedVehicles"]),
            low=at(below),
            share_high=percent(above["vehiclesByTrain"], above["plannedVehicles"]),
            high=at(above),
            currency=self.currency,
        )


def amount(text: str) -> str:
    """An exact amount: a decimal, or a fraction where no decimal is."""
    exact = exact_money(Fraction(text) * 100)
    return exact.removesuffix(".00")


def _has_wishes(one: Json) -> bool:
    return any(one["wishes"].values())
