"""What is different from the plan without the changes of what-if."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from service.web.figures import NONE, days, exact_money, kilograms, signed, whole
from service.web.tables import Cell, Head, Row, Table, figure

if TYPE_CHECKING:
    from service.web.languages import Speech

MOST_CHANGES = 100
MOST_NEWLY = 20
_SHOWN = {"cents": exact_money, "minutes": days, "grams": kilograms}


class DifferenceView:
    """The difference of two plans in one language."""

    def __init__(self, say: Speech, difference: Mapping[str, Any]) -> None:
        self._say = say
        self._found = difference
        self.is_equal: bool = difference["equal"]
        self.num_changes = len(difference["changes"])

    def totals(self) -> Table:
        """Totals side by side."""
        say = self._say
        heads = [Head(""), *map(figure, (say("without_it"), say("with_it"), say("difference")))]
        return Table(heads, [self._total(total) for total in self._found["totals"]])

    def _total(self, total: Mapping[str, Any]) -> Row:
        show = _SHOWN.get(total["unit"], whole)
        old, new, more = (
            None if total[key] is None else Fraction(total[key]) for key in ("old", "new", "difference")
        )
        name = self._say(f"total_{total['name']}")
        if total["unit"] == "cents":
            name += f"{self._say('comma')}{self._found['currency']}"
        return [name, show(old), show(new), signed(show(more), more) if more else NONE]

    def changes(self) -> Table:
        """A line a move; money and days of its batch stand on the first."""
        say = self._say
        heads = [
            Head(say("batch")),
            figure(say("vehicles")),
            *map(Head, (say("old_way"), say("new_way"))),
            figure(self._found["currency"]),
            figure(say("days_word")),
        ]
        rows: list[Row] = []
        for change in self._found["changes"][:MOST_CHANGES]:
            cents = change["newCents"] - change["oldCents"]
            old, new = change["oldDoorMinutes"], change["newDoorMinutes"]
            longer = None if old is None or new is None else Fraction(new) - Fraction(old)
            name: str = change["batchId"]
            sums = [signed(exact_money(cents), cents), signed(days(longer), longer)]
            if not change["moves"]:
                rows.append([name, "", Cell(say("same_rides"), tone="faint"), "", *sums])
            for move in change["moves"]:
                rows.append([name, whole(move["vehicles"]), move["old"], move["new"], *sums])
                name, sums = "", ["", ""]
        return Table(heads, rows)

    def newly(self) -> list[str]:
        """Who is left out or planned anew: the first, and how many more."""
        found = []
        for key, word in (("newlyLeftOut", "newly_left_out"), ("newlyPlanned", "newly_planned")):
            vehicles = self._found[key]
            if vehicles:
                listed = [
                    self._say("vehicles_of", number=whole(number), batch=batch)
                    for batch, number in islice(vehicles.items(), MOST_NEWLY)
                ]
                if len(vehicles) > MOST_NEWLY:
                    listed.append(self._say("and_more", count=whole(len(vehicles) - MOST_NEWLY)))
                found.append(self._say(word, list=self._say("enumerated").join(listed)))
        return found
