"""What is laid out of a timetable once, for whoever searches it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planner.network.fares import CLOSED, Fares
from planner.network.reach import MOST_BYTES_KEPT, Reach
from planner.network.timetable import Timetable
from planner.solver.arc_stages import ArcStages
from planner.solver.column_rows import ColumnRows
from planner.solver.layout import make_layout


class Laid:
    """What hangs on nothing but the timetable, and on which rides and roads anybody may use.

    Parameters
    ----------
    tell_classes
        Look only where some class asked about may go. Without, all classes share one reach: more is looked
        at in a search, less is kept between searches for ever other classes.
    most_bytes
        What a reach keeps.
    """

    def __init__(
        self, timetable: Timetable, *, tell_classes: bool = True, most_bytes: int = MOST_BYTES_KEPT
    ) -> None:
        self.layout = make_layout(timetable)
        self.rows = ColumnRows(timetable)
        self.stages = ArcStages(timetable)
        self._timetable = timetable
        self._most_bytes = most_bytes
        self._everybody = None if tell_classes else Reach(timetable, most_bytes=most_bytes)
        self._reaches: dict[bytes, Reach] = {}

    def reach(self, fares: Iterable[Fares]) -> Reach:
        """Events that can matter to some of these classes."""
        if self._everybody is not None:
            return self._everybody
        usable = np.zeros(len(self._timetable.pairs), dtype=np.bool_)
        for of_class in fares:
            usable |= of_class.pair_vehicle < CLOSED
        key = usable.tobytes()
        if key not in self._reaches:
            self._reaches[key] = Reach(self._timetable, usable, most_bytes=self._most_bytes)
        return self._reaches[key]
