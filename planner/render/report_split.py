"""What a report shows in two parts: what a page needs at once, and what grows with the batches.

The second part has the shape of the first: laid over it key by key, both make the whole again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


def split_plan(data: Mapping[str, Any]) -> tuple[Json, Json]:
    """Figures, room and record of a plan; and its batches with their lines on the map.

    The base map is left out: it is the same for all plans.
    """
    first = {name: part for name, part in data.items() if name not in ("batches", "map")}
    lines = {name: part for name, part in data["map"].items() if name != "land"}
    return first, {"batches": data["batches"], "map": lines}


def split_comparison(data: Mapping[str, Any]) -> tuple[Json, Json]:
    """Figures of all alternatives, of the plan shown beside them its head only; and the compared batches."""
    kept = ("objective", "currency", "headline", "lists", "command", "alternative", "record")
    comparison, study = data["comparison"], data["comparison"]["study"]
    first = _without(comparison, "batches")
    rows: Json = {"batches": comparison["batches"]}
    if study is not None:
        first["study"] = _without(study, "batches")
        rows["study"] = {"batches": study["batches"]}
    return {**{name: data[name] for name in kept}, "comparison": first}, {"comparison": rows}


def _without(part: Mapping[str, Any], name: str) -> Json:
    return {key: value for key, value in part.items() if key != name}
