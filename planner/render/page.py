"""One page that needs nothing beside it: style, program and data stand in the file itself."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from planner.render.geojson import compact_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = "assets"
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Letters that could end a script element, or a line of one."""


def asset_text(name: str) -> str:
    """Text of a file that ships beside this module, such as ``leaflet/leaflet.js``."""
    return files("planner.render").joinpath(_FOLDER, *name.split("/")).read_text(encoding="utf-8")


def fill(template: str, slots: Mapping[str, str]) -> str:
    """Template with each ``{{slot}}`` filled as it is; what is filled in is not looked through again."""
    return _SLOT.sub(lambda match: slots[match[1]], template)


def page_text(text: str) -> str:
    """Text between tags or in an attribute."""
    return escape(text)


def page_data(value: object) -> str:
    """JSON inside a script element: no text in it can end the element."""
    return "".join(_IN_SCRIPT.get(letter, letter) for letter in compact_json(value))


def leaflet_style() -> str:
    """Style sheet of Leaflet without its images, which lie in other files (nothing here shows one)."""
    bare = re.sub(r"/\*.*?\*/", "", asset_text("leaflet/leaflet.css"), flags=re.DOTALL)
    return re.sub(r"url\([^)]*\)", "none", bare)


def leaflet_program() -> str:
    """Program of Leaflet without what leads out of the page: its own address, its source map."""
    program = asset_text("leaflet/leaflet.js").replace('<a href="https://leafletjs.com" ', "<a ")
    return re.sub(r"\n//# sourceMappingURL=.*", "", program)
