"""Pages from templates. What is put into one is text: everything is escaped."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from service.problems import KINDS, Problem
from service.web import figures
from service.web.assets import asset_url
from service.web.languages import speech_of
from service.web.tables import Cell

if TYPE_CHECKING:
    from starlette.requests import Request


HEADERS = {"Vary": "Cookie", "Referrer-Policy": "same-origin"}
"""Of every page. Without any referrer a browser would send our own forms from the origin ``null``."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, read once."""
    made = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": asset_url, "figures": figures}
    made.filters["cell"] = lambda content: content if isinstance(content, Cell) else Cell(content)
    return made


def page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A page, or a part of one, in the language of the request."""
    say = speech_of(request)
    caller = getattr(request.state, "caller", None)
    text = (
        environment()
        .get_template(template)
        .render(
            say=say,
            caller=caller,
            here=_here(request),
            may_write=caller is not None and "plan:write" in caller.scopes,
            **shown,
        )
    )
    return HTMLResponse(text, status_code=status, headers={**HEADERS, "Content-Language": say.tag})


def _here(request: Request) -> str:
    """Path and query, as they were sent."""
    query = request.url.query
    return str(request.scope["raw_path"].decode("latin-1")) + (f"?{query}" if query else "")


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem as people read it."""
    say = speech_of(request)
    kind = KINDS[problem.code]
    answer = page(
        request,
        "problem.html",
        problem.status_code,
        title=say.find(f"problem_{problem.code}", kind.title),
        detail=problem.detail or kind.advice,
        faults=[fault.model_dump(exclude_none=True) for fault in problem.errors[:50]],
        request_id=request.scope.get("landbridge.request_id", ""),
    )
    for name, value in problem.headers.items():
        answer.headers.setdefault(name, value)
    return answer
