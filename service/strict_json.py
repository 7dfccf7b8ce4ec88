"""JSON bodies by the letter: no NaN, no key twice, no number beyond 64 bits, not too deep."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from planner.errors import InputError
from planner.reading.json_nodes import parse_json
from service.problems import Problem, fault_of


class StrictRequest(Request):
    """A request whose body is read strictly."""

    async def json(self) -> Any:
        """The body.

        Raises
        ------
        Problem
            400 with what is wrong with it.
        """
        try:
            return parse_json(await self.body(), "body").value
        except InputError as error:
            raise Problem("bad-request", errors=[fault_of(issue) for issue in error.issues]) from None


class StrictRoute(APIRoute):
    """Gives its endpoint a :class:`StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Handler of the route."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly
