"""Real results of one small plan and one small comparison, and a child program that copies them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from service.jobs.children import BATCHES, OUTCOME
from service.jobs.tasks import Task, make_comparison, make_plan

BATCH = {
    "externalRef": "S-04",
    "shipper": "SAIC",
    "origin": "SAIC-CGO",
    "destination": "CMP-WARSAW",
    "vehicleType": "mg4",
    "vehicles": "64",
    "ready": "2027-03-01",
    "due": "2027-03-31",
}
"""What all of them are of."""
ASKED: dict[str, dict[str, Any]] = {
    "plan": {"batchSetId": "set", "slotValues": 0},
    "comparison": {"batchSetId": "set", "only": ["rail"]},
}
MAKE = {"plan": make_plan, "comparison": make_comparison}


def prepare(folder: Path) -> Path:
    """Make the results once; the program that copies them."""
    program = folder / "copied_child.py"
    if program.exists():
        return program
    for kind, asked in ASKED.items():
        own = folder / kind
        own.mkdir(parents=True)
        row = {"batchId": BATCH["externalRef"], **BATCH}
        del row["externalRef"]
        (own / BATCHES).write_text(json.dumps({"batches": [row]}))
        task = Task(
            folder=own,
            network=None,
            request=asked,
            report=lambda _: None,
            should_stop=lambda: False,
            why_stopped=lambda: None,
        )
        (own / OUTCOME).write_text(json.dumps(MAKE[kind](task)))
        (own / BATCHES).unlink()
    shutil.copy(Path(__file__).with_name("copied_child.py"), program)
    return program
