"""What an arc of the timetable means for an itinerary, looked up once: the same for every batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.model.ids import PlaceId
from planner.model.tariffs import StorageTier
from planner.network.charge_hours import Slot
from planner.network.timetable import Timetable


@dataclass(frozen=True, slots=True)
class ArcStage:
    """Handling, hold and ride or road of one arc.

    Parameters
    ----------
    pair
        Number of its pair.
    place, mode, form
        Of the gate that cargo is handled for.
    tiers, zone
        Storage of the place, and the clock of its days.
    boxed
        How it reads in the key of a boxed run.
    ride
        How it reads in a chain; ``None`` = a road.
    slot
        How and where cargo is free to move on, from ``free_min``.
    """

    pair: int
    place: PlaceId
    mode: str
    form: str
    gate_min: int
    tiers: Sequence[StorageTier]
    zone: str
    boxed: tuple[object, ...]
    ride: tuple[int, int, int] | None
    slot: Slot
    free_min: int


class ArcStages:
    """Stages by arc; those of an arc are looked up once."""

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable
        self._stages: dict[int, ArcStage] = {}

    def of(self, arc: int) -> ArcStage:
        """The stage of an arc."""
        stage = self._stages.get(arc)
        if stage is None:
            stage = self._stages[arc] = self._look_up(arc)
        return stage

    def _look_up(self, arc: int) -> ArcStage:
        table, arrays = self._timetable, self._timetable.arrays
        number = int(arrays["arc_pair"][arc])
        pair, departure = table.pairs[number], int(arrays["arc_departure"][arc])
        boarding, arrival = int(arrays["arc_boarding"][arc]), int(arrays["arc_arrival"][arc])
        gate_min = int(arrays["boarding_min"][boarding])
        place, mode, form, _ = table.gates[int(arrays["boarding_gate"][boarding])]
        rule = table.rule_of.get((place, form))
        is_ride = pair.service is not None
        return ArcStage(
            pair=number,
            place=place,
            mode=mode,
            form=form,
            gate_min=gate_min,
            tiers=() if rule is None else table.rules[rule].tiers,
            zone=table.network.places[place].time_zone,
            boxed=(pair.ends, pair.board_call, gate_min, departure),
            ride=(departure, pair.board_call, pair.alight_call) if is_ride else None,
            slot=table.slots[int(arrays["arrival_slot"][arrival])],
            free_min=int(arrays["arrival_min"][arrival]),
        )
