"""Alternatives beside each other: as a screen, in the order in which a boss asks.

Which way is cheapest, and how many vehicles can go it at all? How does it stand beside the 15-day train?
Which batch goes best which way, and by how much? Every function returns something for rich to draw.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from planner.costing import cost_by_kind
from planner.figures import REFERENCE_RAIL_MIN
from planner.render.study import study_view
from planner.render.words import (
    BAD,
    FAINT,
    GRAMS_PER_KG,
    HEAD,
    bare_table,
    count,
    decimal_days,
    gap_percent,
    objective_text,
    percent,
    whole,
)
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from planner.comparison import BatchComparison, Comparison, Standing
    from planner.figures import Figures
    from planner.model.studies import Study

NOTHING = "-"


def comparison_view(
    comparison: Comparison,
    *,
    rows: int,
    lines: bool = False,
    study: Study | None = None,
    without: Comparison | None = None,
) -> RenderableType:
    """The screen of a comparison.

    Parameters
    ----------
    study
        What was asked beside.
    without
        The comparison without the switches of what-if.
    rows
        Most batches shown, those with most at stake first; 0 = all, in the order of the file.
    lines
        Show what is paid for under each alternative.
    """
    plan = comparison.standings[0].planned.result.plan
    total = comparison.standings[0].total
    blocks: list[RenderableType] = [
        Text(
            f"{total.vehicles:,} vehicles in {count(len(comparison.batches), 'batch')}, planned jointly "
            f"under each alternative; {plan.currency} and kg CO2e are per planned vehicle"
        ),
        Text(),
        _totals(comparison),
        Text(),
        _common(comparison),
        Text(),
        *_beside(comparison),
    ]
    if lines:
        blocks += [Text(), _lines(comparison)]
    blocks += [Text(), *_batches(comparison, rows)]
    if without is not None:
        blocks += [Text(), what_if_view(without, comparison)]
    if study is not None:
        blocks += study_view(study, plan.currency, rows=rows)
    return Group(*blocks)


def _totals(comparison: Comparison) -> RenderableType:
    currency = comparison.standings[0].planned.result.plan.currency
    table = bare_table(
        "Alternative",
        ">planned",
        ">left out",
        ">on time",
        ">late if slow",
        *_each_headings(currency),
        ">gap",
        ">wins",
    )
    for one in comparison.standings:
        own = one.total
        left_out = Text(f"{own.left_out:,}", style=BAD) if own.left_out else NOTHING
        table.add_row(
            Text(one.alternative.name, style=HEAD),
            f"{own.planned:,}",
            left_out,
            percent(own.on_time, own.planned),
            f"{own.late_if_slow:,}",
            *_each(one, own),
            NOTHING if one.planned.result.plan.gap is None else gap_percent(one.planned.result.plan),
            f"{one.wins:,}" if one.alternative.has_wishes else NOTHING,
        )
    return table


def what_if_view(without: Comparison, comparison: Comparison) -> RenderableType:
    """What switches change under each alternative: figures with them less those without."""
    currency = comparison.standings[0].planned.result.plan.currency
    table = bare_table("What if: change of", ">planned", f">{currency} in all", *_each_headings(currency))
    for before, after in zip(without.standings, comparison.standings, strict=True):
        old, new = before.total, after.total
        table.add_row(
            after.alternative.name,
            _signed(f"{new.planned - old.planned:,}"),
            _signed(whole(new.cents - old.cents)),
            *_each_change(old, new),
        )
    return table


def _each_change(old: Figures, new: Figures) -> Iterator[str]:
    """Changes of the averages of a vehicle, in the order of the headings."""
    if not old.planned or not new.planned:
        yield from (NOTHING,) * 4
        return
    yield _signed(whole(Fraction(new.cents, new.planned) - Fraction(old.cents, old.planned)))
    yield _signed(decimal_days(Fraction(new.door_min, new.planned) - Fraction(old.door_min, old.planned)))
    if old.haul_vehicles and new.haul_vehicles:
        haul = Fraction(new.haul_min, new.haul_vehicles) - Fraction(old.haul_min, old.haul_vehicles)
        yield _signed(decimal_days(haul))
    else:
        yield NOTHING
    grams = Fraction(new.grams, new.planned) - Fraction(old.grams, old.planned)
    yield _signed(f"{round_half_up(grams / GRAMS_PER_KG):,}")


def _signed(figure: str) -> str:
    if not figure.strip("0.,-"):
        return NOTHING
    return figure if figure.startswith("-") else f"+{figure}"


def _each_headings(currency: str) -> tuple[str, ...]:
    return f">{currency}", ">days", ">haul days", ">kg CO2e"


def _each(standing: Standing, own: Figures) -> Iterator[str]:
    """Money, days door to door, days from first departure to last release, and CO2e of a vehicle."""
    knows_grams = standing.planned.result.plan.grams is not None
    yield whole(Fraction(own.cents, own.planned)) if own.planned else NOTHING
    yield decimal_days(Fraction(own.door_min, own.planned)) if own.planned else NOTHING
    yield decimal_days(Fraction(own.haul_min, own.haul_vehicles)) if own.haul_vehicles else NOTHING
    yield (
        f"{round_half_up(Fraction(own.grams, own.planned * GRAMS_PER_KG)):,}"
        if own.planned and knows_grams
        else NOTHING
    )


def _common(comparison: Comparison) -> RenderableType:
    """The same figures over the batches that all alternatives plan as a whole."""
    vehicles = comparison.standings[0].common.planned
    if not vehicles:
        return Text("No batch is planned as a whole under every alternative.", style=FAINT)
    currency = comparison.standings[0].planned.result.plan.currency
    title = f"The {vehicles:,} vehicles of {count(len(comparison.common), 'batch')} that all plan"
    table = bare_table(title, *_each_headings(currency))
    for one in comparison.standings:
        table.add_row(one.alternative.name, *_each(one, one.common))
    return table


def _beside(comparison: Comparison) -> Iterator[RenderableType]:
    """Both figures of the baseline: days by train against 15, and door to door against its door to door."""
    currency = comparison.standings[0].planned.result.plan.currency
    reference = decimal_days(REFERENCE_RAIL_MIN)
    table = bare_table(
        f"Beside the {reference}-day train",
        ">by train",
        ">days",
        f">in {reference}",
        ">has baseline",
        ">days more",
        f">{currency} more",
    )
    for one in comparison.standings:
        own, beside = one.total, one.beside
        table.add_row(
            one.alternative.name,
            f"{own.rail_vehicles:,}" if own.rail_vehicles else NOTHING,
            decimal_days(Fraction(own.rail_min, own.rail_vehicles)) if own.rail_vehicles else NOTHING,
            percent(own.rail_within, own.rail_vehicles),
            f"{beside.vehicles:,}",
            _signed_days(beside.door_min - beside.base_door_min, beside.vehicles),
            _signed_money(beside.cents - beside.base_cents, beside.vehicles),
        )
    yield table
    yield Text(
        "by train: vehicles whose main ride is a train, its days from first departure to last arrival; "
        "more: door to door and money of a vehicle beyond its baseline",
        style=FAINT,
    )


def _signed_days(minutes: int, vehicles: int) -> str:
    if not vehicles:
        return NOTHING
    text = decimal_days(Fraction(minutes, vehicles))
    return text if text.startswith("-") else f"+{text}"


def _signed_money(cents: int, vehicles: int) -> str:
    if not vehicles:
        return NOTHING
    text = whole(Fraction(cents, vehicles))
    return text if text.startswith("-") else f"+{text}"


def _lines(comparison: Comparison) -> RenderableType:
    """What is paid for, per planned vehicle."""
    currency = comparison.standings[0].planned.result.plan.currency
    spent = [cost_by_kind(one.planned.result.plan) for one in comparison.standings]
    names = [f">{one.alternative.name}" for one in comparison.standings]
    table = bare_table(f"{currency} of a vehicle for", *names)
    for kind in spent[0]:
        if any(of_one[kind] for of_one in spent):
            cells = [
                whole(Fraction(of_one[kind], one.total.planned)) if one.total.planned else NOTHING
                for of_one, one in zip(spent, comparison.standings, strict=True)
            ]
            table.add_row(kind.replace("_", " "), *cells)
    return table


def _batches(comparison: Comparison, rows: int) -> Iterator[RenderableType]:
    """Batches with most at stake: cost and days of a vehicle under each alternative, who wins and by what."""
    shown = comparison.batches
    if rows:
        shown = tuple(sorted(shown, key=lambda row: -(row.margin or 0))[:rows])
    plan = comparison.standings[0].planned.result.plan
    names = [one.alternative.name for one in comparison.standings]
    table = bare_table(
        "Batch", ">vehicles", "to", ">baseline", *(f">{name}" for name in names), "wins", ">by"
    )
    for row in shown:
        base = row.baseline
        table.add_row(
            row.batch.id,
            f"{row.batch.vehicles:,}",
            row.batch.destination,
            NOTHING
            if base is None or base.cents is None or base.door_min is None
            else f"{whole(base.cents)}/{decimal_days(base.door_min)}",
            *(_cell(row, name) for name in names),
            row.winner or "none",
            NOTHING if row.margin is None else objective_text(plan, row.margin),
        )
    yield table
    yield Text(
        f"{plan.currency}/days door to door of a vehicle; (n) left out; wins: carries all and counts least",
        style=FAINT,
    )
    more = len(comparison.batches) - len(shown)
    if more:
        yield Text(f"and {count(more, 'more batch')}: --rows 0", style=FAINT)


def _cell(row: BatchComparison, name: str) -> Text | str:
    own = row.figures[name]
    left = f" ({own.left_out:,})" if own.left_out else ""
    if not own.planned:
        return Text(f"({own.left_out:,})", style=FAINT)
    each = whole(Fraction(own.cents, own.planned))
    return f"{each}/{decimal_days(Fraction(own.door_min, own.planned))}{left}"
