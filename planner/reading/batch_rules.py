"""What a batch asks of its way: how it may be split, how it may travel, where it has to and must not pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from planner.model.batches import MAX_VIA
from planner.model.ids import PlaceId
from planner.model.services import MODES, ROAD
from planner.reading.cells import CellError, parse_choice, parse_integer
from planner.reading.codes import NOT_A_CHOICE, OUT_OF_RANGE
from planner.reading.names import Names

MODE_WORDS = {
    "铁路": "rail",
    "驳船": "barge",
    "内河": "barge",
    "滚装": "roro",
    "滚装船": "roro",
    "集装箱船": "container_ship",
    "卡车": "truck",
    "航空": "air",
    "其他": "other",
    "公路": ROAD,
}
"""Chinese words of the modes."""
YES_NO_WORDS = {
    "是": "yes",
    "可": "yes",
    "可以": "yes",
    "允许": "yes",
    "否": "no",
    "不": "no",
    "不可": "no",
    "不可以": "no",
    "不允许": "no",
}
"""Chinese words of yes and no."""


@dataclass(frozen=True, slots=True)
class Split:
    """How many parts a batch may have; ``all_or_none``: either all its vehicles ride or none."""

    max_parts: int | None = None
    all_or_none: bool = False


def parse_split(text: str, most: int) -> Split:
    """``yes``: any number of parts. ``no``: one, and all vehicles or none. A number: the most parts."""
    if text == "yes":
        return Split()
    if text == "no":
        return Split(max_parts=1, all_or_none=True)
    try:
        parts = parse_integer(text, least=1)
    except CellError as fault:
        raise CellError(
            f"is not yes, no or the most parts: {fault.reason}", fault.hint, code=fault.code
        ) from fault
    if parts > most:
        raise CellError(f"is above {most}", code=OUT_OF_RANGE)
    return Split(max_parts=parts)


def parse_mode(text: str) -> str:
    """Mode that the services of a batch may have."""
    if text == ROAD:
        hint = "road legs are allowed unless not_modes names road"
        raise CellError("is no mode of a service", hint, code=NOT_A_CHOICE)
    return parse_choice(text, MODES)


def parse_banned_mode(text: str) -> str:
    """Mode that a batch never rides, roads included."""
    return parse_choice(text, (*MODES, ROAD))


def contradictions(
    names: Names,
    *,
    ends: Collection[tuple[str, PlaceId]],
    modes: Collection[str],
    not_modes: Collection[str],
    via: Collection[PlaceId],
    not_via: Collection[str],
) -> Iterator[tuple[str, str, str]]:
    """Column, reason and hint of everything a batch asks for and forbids at once.

    Parameters
    ----------
    ends
        What an end is called, and its place: only those that are known.
    """
    both = [mode for mode in not_modes if mode in modes]
    if both:
        yield "not_modes", f"bans {', '.join(both)}, which modes asks for", "leave it out of one of the two"
    if len(via) > MAX_VIA:
        yield "via", f"names {len(via)} places", f"{MAX_VIA} at most"
    for end, place in ends:
        if place in via:
            yield "via", f"names {place}, the {end}", "leave it out: every way has both ends"
    wanted = [*ends, *(("place that via asks for", place) for place in via)]
    for what, place in wanted:
        country = names.country(place)
        if place in not_via:
            yield "not_via", f"bans {place}, the {what}", "leave it out of one of the two"
        elif country in not_via:
            yield "not_via", f"bans {country}, the country of {place}, the {what}", "name places instead"
