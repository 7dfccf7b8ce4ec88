"""The difference of two plans: as a screen, and as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from planner.render.explain import cents_text
from planner.render.texts import exact_text
from planner.render.words import BAD, FAINT, GRAMS_PER_KG, bare_table, count, decimal_days
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from planner.diff import BatchChange, PlanDiff, Total
    from planner.model.ids import BatchId


def diff_view(diff: PlanDiff) -> RenderableType:
    """Totals beside each other, then what became of each batch that changed."""
    if diff.is_equal:
        return Text("The two plans are equal.")
    blocks: list[RenderableType] = [_totals(diff)]
    if diff.old_objective != diff.new_objective:
        words = f"The old plan is best at {diff.old_objective}, the new one at {diff.new_objective}."
        blocks += [Text(), Text(words)]
    if diff.changes:
        blocks += [Text(), _changes(diff)]
    for words, vehicles, style in (
        ("Newly left out", diff.newly_left_out, BAD),
        ("Newly planned", diff.newly_planned, ""),
    ):
        if vehicles:
            blocks += [Text(), Text(f"{words}: {_list(vehicles)}", style=style)]
    if not diff.changes:
        blocks += [Text(), Text("No batch goes another way; bookings, proof, room or due times differ.")]
    return Group(*blocks)


def _list(vehicles: Mapping[BatchId, int]) -> str:
    listed = ", ".join(f"{number:,} of {batch}" for batch, number in vehicles.items())
    return f"{count(sum(vehicles.values()), 'vehicle')}: {listed}"


def _totals(diff: PlanDiff) -> RenderableType:
    table = bare_table("", ">old", ">new", ">difference", "")
    for total in diff.totals:
        difference = total.difference
        sign = "+" if difference and difference > 0 else ""
        shown = "-" if not difference else sign + _figure(total, difference)
        unit = {"cents": diff.currency, "minutes": "days", "grams": "kg"}.get(total.unit, total.unit)
        table.add_row(total.name, _figure(total, total.old), _figure(total, total.new), shown, unit)
    return table


def _figure(total: Total, value: Fraction | int | None) -> str:
    if value is None:
        return "not known"
    match total.unit:
        case "cents":
            return cents_text(value)
        case "minutes":
            return decimal_days(value)
        case "grams":
            return f"{round_half_up(Fraction(value) / GRAMS_PER_KG):,}"
    return f"{value:,}"


def _changes(diff: PlanDiff) -> RenderableType:
    """A line a move; cost and days of the batch stand on its first line."""
    table = bare_table("Batch", ">vehicles", "old way", "new way", f">{diff.currency}", ">days")
    for change in diff.changes:
        figures = [_signed(cents_text(change.cents)), _days(change)]
        if not change.moves:
            table.add_row(change.batch_id, "", Text("the same main rides", style=FAINT), "", *figures)
        for number, move in enumerate(change.moves):
            first = number == 0
            name, more = (change.batch_id, figures) if first else ("", ["", ""])
            table.add_row(name, f"{move.vehicles:,}", move.old, move.new, *more)
    return table


def _days(change: BatchChange) -> str:
    return "-" if change.door_min is None else _signed(decimal_days(change.door_min))


def _signed(figure: str) -> str:
    if not figure.strip("0.,-"):
        return "-"
    return figure if figure.startswith("-") else f"+{figure}"


def diff_document(diff: PlanDiff) -> dict[str, Any]:
    """The difference as JSON: sums are whole numbers, averages exact texts."""
    return {
        "equal": diff.is_equal,
        "oldObjective": diff.old_objective,
        "newObjective": diff.new_objective,
        "currency": diff.currency,
        "totals": list(_total_documents(diff)),
        "changes": [
            {
                "batchId": change.batch_id,
                "moves": [
                    {"vehicles": move.vehicles, "old": move.old, "new": move.new} for move in change.moves
                ],
                "oldCents": change.old_cents,
                "newCents": change.new_cents,
                "oldDoorMinutes": _exact(change.old_door_min),
                "newDoorMinutes": _exact(change.new_door_min),
            }
            for change in diff.changes
        ],
        "newlyLeftOut": dict(diff.newly_left_out),
        "newlyPlanned": dict(diff.newly_planned),
    }


def _total_documents(diff: PlanDiff) -> Iterator[dict[str, Any]]:
    for total in diff.totals:
        yield {
            "name": total.name,
            "unit": total.unit,
            "old": _exact(total.old),
            "new": _exact(total.new),
            "difference": _exact(total.difference),
        }


def _exact(value: Fraction | int | None) -> int | str | None:
    return exact_text(value) if isinstance(value, Fraction) else value
