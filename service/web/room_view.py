"""Departures by the worth of room, charters, tight days, and the booking sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.web.figures import NONE, money, objective_value, percent, plain, whole
from service.web.tables import Cell, Head, Row, Table, figure

if TYPE_CHECKING:
    from service.web.languages import Speech

MOST_DAYS = 12
_BOOKING = (
    *("service", "from_place", "to_place", "book_by", "gate_in_from", "gate_in_until"),
    *("departs", "vehicles", "boxes", "load", "batches"),
)
_FIGURES = ("vehicles", "boxes", "load")


class RoomView:
    """Tables of room of one plan in one language."""

    def __init__(self, say: Speech, shown: Mapping[str, Any]) -> None:
        self._say = say
        self._room = shown["room"]
        self._currency = shown["currency"]
        self._unit = shown["headline"]["proof"]["unit"]
        self._services = [
            {"id": one[0], "name": one[1], "mode": one[3], "unit": one[4]}
            for one in shown["lists"]["services"]
        ]
        number = 2 if say.lang == "zh" else 1
        self._places = [place[number] or place[1] or place[0] for place in shown["lists"]["places"]]

    @property
    def num_departures(self) -> int:
        """Departures with limited room that the plan uses."""
        return len(self._room["departures"])

    @property
    def num_bookings(self) -> int:
        """Lines of the booking sheet."""
        return len(self._room["bookings"]["rows"])

    def departures(self, start: int, number: int) -> Table:
        """Some departures, those first on which one more unit is worth most."""
        say = self._say
        heads = [
            *map(Head, (say("service"), say("mode"), say("departs_local"), say("from"), say("to"))),
            *map(figure, (say("load"), say("full"), say("one_more"))),
        ]
        rows = sorted(self._room["departures"], key=lambda use: -(_worth(use) or 0))
        return Table(heads, [self._departure(use) for use in rows[start : start + number]])

    def _departure(self, use: Mapping[str, Any]) -> Row:
        service = self._services[use["service"]]
        return [
            Cell(service["id"], hint=service["name"]),
            Cell(self._say(service["mode"]), mode=service["mode"]),
            use["departs"],
            self._places[use["from"]],
            self._places[use["to"]],
            f"{plain(use['used'])} / {self._units(use['capacity'], service['unit'])}",
            self._full(use["used"], use["capacity"]),
            self._worth_text(use),
        ]

    def charters(self) -> Table | None:
        """Charters that are bought."""
        say, rows = self._say, []
        for one in self._room["charters"]:
            service = self._services[one["service"]]
            boarded = self._units(one["boarded"], service["unit"])
            rows.append([service["id"], one["day"], whole(one["modules"]), boarded, money(one["cents"])])
        heads = [Head(say("charter")), Head(say("day_word"))]
        heads += [figure(say("modules")), figure(say("boarded"))]
        heads.append(figure(say("in_currency", currency=self._currency)))
        return Table(heads, rows, say("charters")) if rows else None

    def tight_days(self) -> Table | None:
        """Days of places and roads with the least room."""
        say, rows = self._say, []
        for use in self._room["days"][:MOST_DAYS]:
            here, there = self._places[use["from"]], self._places[use["to"]]
            rows.append(
                [
                    here if use["from"] == use["to"] else f"{here} → {there}",
                    use["day"],
                    f"{whole(use['used'])} / {self._units(use['capacity'], use['unit'])}",
                    self._full(use["used"], use["capacity"]),
                    self._value(use["worth"]) if use["worth"] else NONE,
                ]
            )
        heads = [Head(say("place_or_road")), Head(say("day_word"))]
        heads += map(figure, (say("load"), say("full"), say("one_more")))
        return Table(heads, rows, say("tight_days")) if rows else None

    def bookings(self, start: int, number: int) -> Table:
        """Some lines of the booking sheet, in the order in which departures leave."""
        say, listed = self._say, self._room["bookings"]
        rows = [dict(zip(listed["columns"], cells, strict=True)) for cells in listed["rows"]]
        rows.sort(key=lambda row: row["departs"] or "")
        heads = [
            figure(say(f"booking_{name}")) if name in _FIGURES else Head(say(f"booking_{name}"))
            for name in _BOOKING
        ]
        return Table(heads, [self._booking(row) for row in rows[start : start + number]])

    def _booking(self, row: Mapping[str, Any]) -> Row:
        load = NONE
        if row["load"] is not None:
            load = f"{plain(row['load'])} / {self._units(row['capacity'], row['unit'])}"
        return [
            Cell(row["service"], mode=row["mode"], hint=self._say(row["mode"])),
            row["from_place"],
            row["to_place"],
            *(row[name] or NONE for name in ("book_by", "gate_in_from", "gate_in_until", "departs")),
            whole(row["vehicles"]),
            whole(row["boxes"]) if row["boxes"] else NONE,
            load,
            row["batches"],
        ]

    def _units(self, count: float | None, unit: str) -> str:
        return f"{plain(count)} {self._say(f'unit_{unit}')}"

    def _full(self, used: float, capacity: float) -> Cell:
        return Cell(
            percent(used, capacity or used or 1), tone="bad" if not capacity or used >= capacity else None
        )

    def _value(self, value: int) -> str:
        return objective_value(self._say, value, self._unit, self._currency)

    def _worth_text(self, use: Mapping[str, Any]) -> str:
        if use["planned"] is None:
            return self._value(use["worth"]) if use["worth"] else NONE
        exact, low, high = use["planned"]
        if exact is not None:
            return f"= {self._value(exact)}"
        return f"{self._value(low)} – {self._value(high)}"


def _worth(use: Mapping[str, Any]) -> int | None:
    planned = use["planned"]
    if planned is None:
        worth: int | None = use["worth"]
        return worth
    found: int = planned[1] if planned[0] is None else planned[0]
    return found
