"""Services that go the same way, as one line of a map: what runs there, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.geo import Line, Point
    from planner.model.ids import ServiceId
    from planner.model.services import Service

_Step = tuple[str, frozenset["Point"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A stretch that the same services of one mode run over from end to end, one way or the other.

    Parameters
    ----------
    services
        In the order of the table.
    """

    mode: str
    services: tuple[ServiceId, ...]
    line: Line


def list_corridors(
    services: Mapping[ServiceId, Service], lines: Mapping[ServiceId, Line]
) -> tuple[Corridor, ...]:
    """Corridors that cover every step of every line once for each mode.

    Parameters
    ----------
    lines
        Points of each service that is to be drawn.
    """
    users: dict[_Step, dict[ServiceId, None]] = {}
    for name, line in lines.items():
        for here, there in pairwise(line):
            users.setdefault(_step(services[name], here, there), {})[name] = None
    found: list[Corridor] = []
    done: set[_Step] = set()
    for name, line in lines.items():
        steps = [(ends, _step(services[name], *ends)) for ends in pairwise(line)]
        # None: another service has drawn the step already.
        drawn = [(ends, None if step in done else tuple(users[step])) for ends, step in steps]
        for users_of, stretch in groupby(drawn, key=itemgetter(1)):
            if users_of is not None:
                (start, end), *rest = (ends for ends, _ in stretch)
                points = (start, end, *(there for _, there in rest))
                found.append(Corridor(mode=services[name].mode, services=users_of, line=points))
        done.update(step for _, step in steps)
    return tuple(found)


def _step(service: Service, here: Point, there: Point) -> _Step:
    return service.mode, frozenset((here, there))
