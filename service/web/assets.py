"""Files that pages link to, each under an address that changes with its content, so browsers may keep them.

Leaflet, ECharts, the land and the program of the report are those of :mod:`planner.render`: nothing is kept
twice.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.responses import Response

from planner.render.languages import LANGUAGES
from planner.render.page import asset_text, leaflet_program, leaflet_style
from planner.render.report_html import LICENCES, program_text, report_words
from service.problems import not_found

router = APIRouter(include_in_schema=False)

HEAD = ("words", "elements", "model", "chart_style", "table")
"""Files of the program of the report that both pages with charts run."""
PLAN_PROGRAM = (*HEAD[:-1], "filter", "map", "timeline", "chart", "table", "batches", "room")
COMPARISON_PROGRAM = (*HEAD, "comparison", "comparison_charts", "study")
FOREVER = "public, max-age=31536000, immutable"
JAVASCRIPT, STYLE, JSON = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "application/json"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, ready to be sent."""

    content: bytes
    media_type: str
    digest: str
    zipped: bytes


def page_asset(name: str) -> str:
    """Text of a file that ships beside this module."""
    return files("service.web").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")


def _with_licences(program: str, *names: str) -> str:
    return "/*\n" + "\n".join(asset_text(name) for name in names) + "\n*/\n" + program


def _leaflet() -> str:
    return _with_licences(leaflet_program(), LICENCES[0])


def _charts() -> str:
    return _with_licences(asset_text("echarts/echarts.js"), *LICENCES[1:])


def _htmx() -> str:
    return _with_named_licence("htmx", "htmx/LICENSE") + page_asset("htmx/htmx.min.js")


def _with_named_licence(name: str, path: str) -> str:
    return f"/*\n{name}\n{page_asset(path)}*/\n"


def _program(names: tuple[str, ...], last: str) -> str:
    """The program of the report as one function of its data, to be called once that has arrived."""
    body = program_text(names) + page_asset(last)
    return f'"use strict";\nwindow.showReport = data => {{\n{body}\n}};\n'


def _maps() -> str:
    return asset_text("modes.js") + asset_text("shifted_line.js")


def _words(lang: str) -> str:
    return json.dumps({lang: report_words()[lang]}, ensure_ascii=False)


_MADE: Mapping[str, tuple[str, Callable[[], str]]] = {
    "report.css": (STYLE, lambda: asset_text("report.css")),
    "page.css": (STYLE, lambda: page_asset("page.css")),
    "leaflet.css": (STYLE, leaflet_style),
    "icon.svg": ("image/svg+xml", lambda: page_asset("icon.svg")),
    "htmx.js": (JAVASCRIPT, _htmx),
    "page.js": (JAVASCRIPT, lambda: page_asset("page.js")),
    "leaflet.js": (JAVASCRIPT, _leaflet),
    "echarts.js": (JAVASCRIPT, _charts),
    "modes.js": (JAVASCRIPT, lambda: asset_text("modes.js")),
    "maps.js": (JAVASCRIPT, _maps),
    "plan.js": (JAVASCRIPT, lambda: _program(PLAN_PROGRAM, "plan_end.js")),
    "comparison.js": (JAVASCRIPT, lambda: _program(COMPARISON_PROGRAM, "comparison_end.js")),
    "land.json": (JSON, lambda: asset_text("land.geojson")),
    **{f"words-{lang}.json": (JSON, partial(_words, lang)) for lang in LANGUAGES},
}
ASSETS = tuple(_MADE)


@lru_cache(maxsize=len(_MADE))
def find_asset(name: str) -> Asset:
    """A file by its name; made at its first use.

    Raises
    ------
    KeyError
        If there is none.
    """
    media_type, make = _MADE[name]
    content = make().encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, media_type, digest, gzip.compress(content, mtime=0))


def asset_url(name: str) -> str:
    """Address of a file."""
    return f"/static/{find_asset(name).digest}/{name}"


@router.get("/static/{digest}/{name}")
def get_asset(request: Request, digest: str, name: str) -> Response:
    """A file, under the address of its content alone: an old address is none."""
    if name not in _MADE or find_asset(name).digest != digest:
        raise not_found("file")
    found = find_asset(name)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    encodings = {
        one.partition(";")[0].strip() for one in request.headers.get("accept-encoding", "").split(",")
    }
    if "gzip" in encodings:
        return Response(
            found.zipped, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"}
        )
    return Response(found.content, media_type=found.media_type, headers=headers)
