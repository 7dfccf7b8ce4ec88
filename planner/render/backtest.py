"""Published figures beside those of the tables, on a screen and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from planner.model.observations import CLAIM, GROUPS, HOLD_OUT, KM, PRICE, TABLE
from planner.render.words import BAD, bare_table, percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from rich.console import RenderableType

    from planner.backtest import Comparison

TITLES = {
    TABLE: "Published figures whose sources may feed the tables",
    HOLD_OUT: "Hold-out: published figures whose sources feed no row of any table",
    CLAIM: "The claim of 15 days to Europe",
}


def backtest_view(comparisons: Sequence[Comparison], currency: str) -> RenderableType:
    """A table for each group of observations, and how many of them lie inside."""
    blocks: list[RenderableType] = []
    for group in GROUPS:
        own = [c for c in comparisons if c.observation.group == group]
        if not own:
            continue
        table = bare_table("Observed", "journey", "source", ">published", ">ours", ">off", "")
        for comparison in own:
            table.add_row(*_cells(comparison, currency), style=None if comparison.is_inside else BAD)
        held = [c for c in own if c.ours is not None]
        inside = sum(c.is_inside for c in held)
        said = f"{inside} of {len(held)} inside ({percent(inside, len(held))})"
        missing = len(own) - len(held)
        said += f"; {missing} of journeys without a service here" if missing else ""
        blocks += [Text(TITLES[group], style="bold"), table, Text(said), Text()]
    return Group(*blocks[:-1])


def _cells(comparison: Comparison, currency: str) -> tuple[str, ...]:
    seen = comparison.observation
    unit = {PRICE: f" {currency}/{seen.per}", KM: " km"}.get(seen.measure, " d")
    low, high = _figure(seen.measure, seen.low), _figure(seen.measure, seen.high)
    published = low if comparison.is_single else f"{low}-{high}"
    off = comparison.deviation
    return (
        seen.id,
        seen.what,
        seen.source,
        published + unit,
        "-" if comparison.ours is None else _figure(seen.measure, comparison.ours),
        "" if off is None else f"{100 * float(off):+.0f} %",
        "" if comparison.ours is None else "inside" if comparison.is_inside else "OUTSIDE",
    )


def _figure(measure: str, figure: Fraction) -> str:
    if measure == PRICE:
        return f"{float(figure) / 100:,.4g}" if figure < 100_000 else f"{float(figure) / 100:,.0f}"
    return f"{float(figure):,.0f}" if measure == KM else f"{float(figure):.1f}"


def backtest_document(comparisons: Sequence[Comparison], currency: str) -> dict[str, Any]:
    """The same as data; days, km, and prices in units of the currency."""
    observed = []
    for comparison in comparisons:
        seen = comparison.observation
        scale = 100 if seen.measure == PRICE else 1
        observed.append(
            {
                "observationId": seen.id,
                "what": seen.what,
                "group": seen.group,
                "serviceId": seen.service_id,
                "fromPlace": seen.from_place,
                "toPlace": seen.to_place,
                "measure": seen.measure,
                "low": float(seen.low / scale),
                "high": float(seen.high / scale),
                "ours": None if comparison.ours is None else round(float(comparison.ours / scale), 4),
                "isInside": comparison.is_inside,
                "per": seen.per,
                "day": seen.day,
                "source": seen.source,
            }
        )
    return {"currency": currency, "observed": observed}
