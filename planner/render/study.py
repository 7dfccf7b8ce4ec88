"""Break-even figures and curves: as a screen, and as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.text import Text

from planner.model.sweeps import DAY_VALUE, RAIL_PRICE, RAIL_SUBSIDY, UNITS
from planner.render.texts import exact_text
from planner.render.words import FAINT, HEAD, bare_table, count, decimal_days, percent, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from planner.model.break_evens import BreakEven
    from planner.model.studies import Flip, Study
    from planner.model.sweeps import Curve, Point

Json = dict[str, Any]
NOTHING = "-"
TITLES = {
    RAIL_PRICE: "Freight of a box",
    RAIL_SUBSIDY: "Subsidy a box",
    DAY_VALUE: "Value of a vehicle-day",
}


def study_view(study: Study, currency: str, *, rows: int) -> Iterator[RenderableType]:
    """Blocks of the screen, an empty line before each.

    Parameters
    ----------
    rows
        Most batches shown, those nearest to their flip first; 0 = all, in the order of the file.
    """
    if study.batches or study.flips:
        yield Text()
        yield from _batches(study, currency, rows)
        for flip in study.flips:
            yield Text(_flip_text(flip, currency))
    for curve in study.curves:
        yield Text()
        yield from _curve(curve, currency)


def _batches(study: Study, currency: str, rows: int) -> Iterator[RenderableType]:
    yield Text(f"Break-even of trains out of the country, under {study.alternative}", style=HEAD)
    shown = study.batches
    if rows:
        shown = tuple(sorted(shown, key=_distance)[:rows])
    table = bare_table(
        "Batch",
        "by train",
        f">{currency} a box today",
        ">break-even",
        ">change",
        f">{currency} a vehicle-day",
        "",
    )
    for one in shown:
        # Where nothing else carries the batch, its price is that of leaving out: no price to compare with.
        extra, price = (None, None) if one.left_out else (one.extra_cents, one.price_cents)
        freight = one.freight_cents
        table.add_row(
            one.batch_id,
            "yes" if one.by_train else "no",
            NOTHING if freight is None else whole(freight),
            NOTHING if price is None else whole(price),
            NOTHING if extra is None else f"{'+' if extra > 0 else ''}{whole(extra)}",
            NOTHING if one.day_value_cents is None else _money2(one.day_value_cents),
            Text(_remark(one), style=FAINT),
        )
    yield table
    more = len(study.batches) - len(shown)
    if more:
        yield Text(f"and {count(more, 'more batch')}: --rows 0", style=FAINT)
    yield Text(
        "break-even: freight at which the last box of the batch leaves the train or the first one comes to "
        "it, the others as planned; vehicle-day: the value at which its choice flips",
        style=FAINT,
    )


def _distance(one: BreakEven) -> tuple[bool, int]:
    return one.extra_cents is None or bool(one.left_out), abs(one.extra_cents or 0)


def _remark(one: BreakEven) -> str:
    remarks = []
    if one.left_out:
        remarks.append(f"{one.left_out:,} left out without it")
    if not one.is_exact:
        remarks.append("not proved")
    return ", ".join(remarks)


def _money2(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _flip_text(flip: Flip, currency: str) -> str:
    """Where the lead changes in the joint plan, in a sentence."""
    what = {RAIL_SUBSIDY: "less freight a box than today", DAY_VALUE: "a vehicle-day"}.get(
        flip.kind, flip.kind
    )
    if flip.below is None or flip.above is None:
        share = "more than half" if flip.leads else "never more than half"
        return (
            f"In total, trains carry {share} of the vehicles at any {TITLES[flip.kind].lower()} asked about."
        )
    ends = " and ".join(f"{_share(point)} at {_signed(point.amount)}" for point in (flip.below, flip.above))
    return f"In total, planned jointly, trains carry {ends} {currency} {what}."


def _signed(amount: Fraction) -> str:
    return whole(amount)


def _share(point: Point) -> str:
    return percent(point.by_train, point.planned)


def _curve(curve: Curve, currency: str) -> Iterator[RenderableType]:
    modes = sorted({mode for point in curve.points for mode in point.vehicles_by_mode})
    table = bare_table(
        f"{TITLES[curve.kind]}, {currency}",
        *(f">{name}" for name in ("planned", "by train", *(mode.replace("_", " ") for mode in modes))),
        f">{currency} a vehicle",
        ">days",
    )
    for point in curve.points:
        each = [
            percent(point.vehicles_by_mode.get(mode, 0), point.planned) if point.planned else NOTHING
            for mode in modes
        ]
        table.add_row(
            whole(point.amount),
            f"{point.planned:,}",
            _share(point),
            *each,
            whole(Fraction(point.cents, point.planned)) if point.planned else NOTHING,
            decimal_days(Fraction(point.vehicle_min, point.planned)) if point.planned else NOTHING,
        )
    yield table
    flips = [f"{whole(one)} and {whole(other)} {currency}" for one, other in curve.flips]
    if flips:
        yield Text(f"trains gain or lose the lead between {', and between '.join(flips)}", style=FAINT)


def study_document(study: Study) -> Json:
    """Break-even figures and curves as JSON: cents are whole, amounts exact texts in whole currency units."""
    return {
        "alternative": study.alternative,
        "batches": [
            {
                "batchId": one.batch_id,
                "byTrain": one.by_train,
                "extraCentsPerBox": one.extra_cents,
                "freightCentsPerBox": one.freight_cents,
                "breakEvenCentsPerBox": one.price_cents,
                "dayValueCents": one.day_value_cents,
                "unplannedWithoutTrains": one.left_out,
                "exact": one.is_exact,
            }
            for one in study.batches
        ],
        "total": [
            {
                "kind": flip.kind,
                "unit": UNITS[flip.kind],
                "leads": flip.leads,
                "below": None if flip.below is None else _point(flip.below),
                "above": None if flip.above is None else _point(flip.above),
            }
            for flip in study.flips
        ],
        "sweeps": [
            {
                "kind": curve.kind,
                "unit": UNITS[curve.kind],
                "points": [_point(point) for point in curve.points],
                "flips": [[exact_text(amount / 100) for amount in pair] for pair in curve.flips],
            }
            for curve in study.curves
        ],
    }


def _point(point: Point) -> Json:
    return {
        "at": exact_text(point.amount / 100),
        "plannedVehicles": point.planned,
        "vehiclesByTrain": point.by_train,
        "vehiclesByMode": point.vehicles_by_mode,
        "cents": point.cents,
        "vehicleMinutes": point.vehicle_min,
        "grams": point.grams,
    }
