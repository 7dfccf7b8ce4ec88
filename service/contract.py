"""The OpenAPI document as a file: ``python -m service.contract FILE``."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from service.app import create_app
from service.settings import Settings

_ALONE = re.compile(r'([\[{])\s+((?:"[$\w]+": )?"[^"\n]*")\s+([\]}])')
"""An object or list of one text."""


def document_text(document: dict[str, Any]) -> str:
    """The document as it is kept under ``docs/``: a line for each thing that may change by itself."""
    sorted_document = {**document, "paths": dict(sorted(document["paths"].items()))}
    text = json.dumps(sorted_document, ensure_ascii=False, indent=1)
    return _ALONE.sub(r"\1\2\3", text) + "\n"


def main() -> None:
    """Write the document of a service with the settings of a laptop."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder)))
        Path(sys.argv[1]).write_text(document_text(app.openapi()), encoding="utf-8")


if __name__ == "__main__":
    main()
