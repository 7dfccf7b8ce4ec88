"""What goes the same way as one line of a map: services and how often they run, flows and what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.geo import Line, Point

_Step = tuple[str, frozenset["Point"]]
Name = TypeVar("Name")


class Moving(Protocol):
    """A service, a flow: what goes along a line in one mode."""

    @property
    def mode(self) -> str:
        """Its mode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor(Generic[Name]):
    """A stretch that the same things of one mode run over from end to end, one way or the other.

    Parameters
    ----------
    users
        Names of what runs there, in the order in which they were given.
    """

    mode: str
    users: tuple[Name, ...]
    line: Line


def list_corridors(moving: Mapping[Name, Moving], lines: Mapping[Name, Line]) -> tuple[Corridor[Name], ...]:
    """Corridors that cover every step of every line once for each mode.

    Parameters
    ----------
    lines
        Points of each of them that is to be drawn.
    """
    users: dict[_Step, dict[Name, None]] = {}
    for name, line in lines.items():
        for here, there in pairwise(line):
            users.setdefault(_step(moving[name], here, there), {})[name] = None
    found: list[Corridor[Name]] = []
    done: set[_Step] = set()
    for name, line in lines.items():
        steps = [(ends, _step(moving[name], *ends)) for ends in pairwise(line)]
        # None: another service has drawn the step already.
        drawn = [(ends, None if step in done else tuple(users[step])) for ends, step in steps]
        for users_of, stretch in groupby(drawn, key=itemgetter(1)):
            if users_of is not None:
                (start, end), *rest = (ends for ends, _ in stretch)
                points = (start, end, *(there for _, there in rest))
                found.append(Corridor(mode=moving[name].mode, users=users_of, line=points))
        done.update(step for _, step in steps)
    return tuple(found)


def _step(one: Moving, here: Point, there: Point) -> _Step:
    return one.mode, frozenset((here, there))
