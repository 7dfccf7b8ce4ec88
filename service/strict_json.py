"""JSON bodies by the letter: no NaN, no key twice, no number beyond 64 bits, not too deep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from planner.errors import InputError
from planner.reading.json_nodes import parse_json
from service.callers import admit, find_scope
from service.problems import Fault, Problem, fault_of

MOST_DIGITS = 18
VALUES_A_ROW = 64
"""So many values a body holds for each row that it may: cells of a batch, lists taken apart, twice over."""
LARGE = 1 << 16
"""Bytes of a body that is read in a thread, so that others are answered meanwhile."""


class StrictRequest(Request):
    """A request whose body is read strictly."""

    async def json(self) -> Any:
        """The body.

        Raises
        ------
        Problem
            400 with what is wrong with it.
        """
        body = await self.body()
        # Each value may be a fault, and those are found all at once, while nobody else is answered.
        most = VALUES_A_ROW * self.app.state.settings.limits.rows_a_call
        try:
            if len(body) > LARGE:
                return await run_in_threadpool(_read, body, most)
            return _read(body, most)
        except InputError as error:
            raise Problem("bad-request", errors=[fault_of(issue) for issue in error.issues]) from None


class StrictRoute(APIRoute):
    """Asks who is calling first, then gives its endpoint a :class:`StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Handler of the route."""
        handle = super().get_route_handler()
        scope = find_scope(self.dependant)

        async def strictly(request: Request) -> Response:
            if scope is not None:
                await admit(request, scope)
            refuse_twice(request)
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


def _read(body: bytes, max_values: int) -> Any:
    return _whole(parse_json(body, "body", max_values=max_values).value)


def _whole(value: Any) -> Any:
    """Numbers such as 12.0 as the whole numbers that they are, as JSON Schema has it."""
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, Decimal) and value.adjusted() < MOST_DIGITS and value == value.to_integral_value():
        return int(value)
    return value


def refuse_twice(request: Request) -> None:
    """Refuse parameters that are given twice: which of them counts is not guessed.

    Raises
    ------
    Problem
        400 with their names.
    """
    if not request.scope["query_string"]:
        return
    counted = Counter(name for name, _ in request.query_params.multi_items())
    faults = [
        Fault(pointer=name, code="twice", reason="is given twice") for name, n in counted.items() if n > 1
    ]
    if faults:
        raise Problem("bad-request", errors=faults)
