"""Room in time: when an itinerary would be Delivered if every journey were a slow one.

Rides board by the timetable and alight at the slow arrival of their call; instead of a truck that would be
missed, the next one of its grid is taken. Worked out from the tables and the plan alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from planner.clock import local_date, local_minutes
from planner.model.plans import HANDLING, RIDE, ROAD_LEG
from planner.units import ceil_div

if TYPE_CHECKING:
    from planner.model.batches import Batch
    from planner.model.plans import Itinerary, Stage
    from planner.model.tariffs import Road
    from planner.pricebook import PriceBook

HIGH = "high"


class SlowJourneys:
    """Itineraries of one plan under high times.

    Parameters
    ----------
    book
        The tables of the network.
    times
        The arrivals the plan was made with, one of :data:`planner.model.problem.TIMES`.
    """

    def __init__(self, book: PriceBook, times: str) -> None:
        self._book = book
        self._times = times

    def find_delivered_min(self, itinerary: Itinerary) -> int | None:
        """When the vehicles would be Delivered; ``None`` if they would miss a gate on the way.

        Raises
        ------
        PricingError
            If a stage names something that is not in the tables.
        """
        now = itinerary.stages[0].start_min
        for stage in itinerary.stages:
            if stage.kind == HANDLING:
                now += stage.end_min - stage.start_min
            elif stage.kind == RIDE:
                if now > stage.start_min:
                    return None
                now = stage.end_min + self._later_min(stage)
            elif stage.kind == ROAD_LEG:
                now = self._dispatch_min(stage, now) + stage.end_min - stage.start_min
        return now

    def is_late(self, batch: Batch, itinerary: Itinerary) -> bool:
        """Whether a gate would be missed, or Delivered would be after due."""
        delivered_min = self.find_delivered_min(itinerary)
        return delivered_min is None or delivered_min > batch.due_min

    def _later_min(self, ride: Stage) -> int:
        """How much later than planned a slow journey comes to the alight call."""
        call = self._book.get_call(ride.service_id, ride.alight_seq)
        return call.alight_min(HIGH) - call.alight_min(self._times)

    def _dispatch_min(self, leg: Stage, earliest_min: int) -> int:
        """The dispatch planned, or the first one that is not missed."""
        if earliest_min <= leg.start_min:
            return leg.start_min
        road = self._book.get_road(leg.from_place, leg.to_place, leg.from_form)
        return next_dispatch_min(road, earliest_min, self._book.get_place(leg.from_place).time_zone)


def next_dispatch_min(road: Road, earliest_min: int, time_zone: str) -> int:
    """First dispatch of the grid of a road at or after ``earliest_min``; closures and room are not asked.

    The grid starts anew with the first dispatch of each local day of the place it leaves from.
    """
    day = local_date(earliest_min, time_zone) - timedelta(days=1)
    while True:
        first = local_minutes(day, road.first_local_time, time_zone)
        day += timedelta(days=1)
        step = road.departs_every_min
        dispatch = first + max(0, ceil_div(earliest_min - first, step)) * step
        if dispatch < local_minutes(day, road.first_local_time, time_zone):
            return dispatch
