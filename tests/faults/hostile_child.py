"""A child process that behaves as the ``externalRef`` of its plan asks; the real one for everything else.

The reference is words: what to do, its arguments, and anything that makes it unique. ``quick 0.3 7`` leaves
results after 0.3 s, ``memory 300 7`` takes more than 300 MB, ``segv 7`` dies of a bad address.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import random
import sys
import threading
import time
import uuid
from pathlib import Path

from service.disk import FULL
from service.jobs import child
from service.jobs.children import BATCHES, DEPARTURES, OUT, OUTCOME, TASK

STEP = 20_000_000
NEVER = 1_000_000


def quick(folder: Path, wishes: child.Wishes, seconds: str, *_: str) -> None:
    """Leave results after a while, or as soon as somebody wants them."""
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end and not wishes.should_stop():
        time.sleep(0.02)
    leave(folder, wishes.why)


def once(folder: Path, wishes: child.Wishes, seconds: str, number: str, *_: str) -> None:
    """Take long the first time; leave results at once when tried again."""
    seen = folder.parent.parent / f"seen-{number}"
    is_first = not seen.exists()
    seen.touch()
    quick(folder, wishes, seconds if is_first else "0")


def big(folder: Path, wishes: child.Wishes, kilobytes: str, seconds: str, *_: str) -> None:
    """Leave results of some size, that do not pack."""
    time.sleep(float(seconds))
    leave(folder, wishes.why, random.randbytes(1000 * int(kilobytes)))


def memory(folder: Path, _wishes: child.Wishes, most_mb: str, *_: str) -> None:
    """Take more and more; note when it is more than may be."""
    grow(folder, int(most_mb))


def family(folder: Path, _wishes: child.Wishes, most_mb: str, *_: str) -> None:
    """Let another process take it."""
    if os.fork() == 0:
        grow(folder, int(most_mb))
    time.sleep(NEVER)


def segv(*_: object) -> None:
    """Die as native code does."""
    ctypes.string_at(0)


def deaf(*_: object) -> None:
    """Wait in native code that holds the interpreter: no thread of it hears anything."""
    ctypes.PyDLL(None).sleep(NEVER)


def busy(*_: object) -> None:
    """Count, whatever is wanted."""
    while True:
        time.monotonic()


def obedient(folder: Path, wishes: child.Wishes, *_: str) -> None:
    """Search until told to stop, then hand in what there is."""
    while not wishes.should_stop():
        time.sleep(0.05)
    leave(folder, wishes.why)


def grow(folder: Path, most_mb: int) -> None:
    held = []
    is_noted = False
    while True:
        held.append(bytearray(os.urandom(1000)) * (STEP // 1000))
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        if not is_noted and pages * os.sysconf("SC_PAGE_SIZE") > most_mb * 1_000_000:
            is_noted = True
            (folder.parent.parent / "passed").write_text(str(time.time()))
        time.sleep(0.02 if not is_noted else 0.5)


def leave(folder: Path, why: str | None, filler: bytes = b"") -> None:
    """Results that all bear one mark, so that those of two attempts can't be mixed up unseen."""
    mark = uuid.uuid4().hex
    rows = json.loads((folder / BATCHES).read_bytes())["batches"]
    planned = [{"batchId": row["batchId"], "vehicles": 1, "plannedVehicles": 1, "mark": mark} for row in rows]
    out = folder / OUT
    out.mkdir()
    (out / "plan.json").write_text(json.dumps({"plan": {"batches": planned, "departures": []}}))
    (folder / DEPARTURES).write_text(json.dumps([{"mark": mark}]))
    (out / "booking.csv").write_bytes(f"mark\n{mark}\n".encode() + filler)
    outcome = {
        "state": "cancelled" if why == "cancelled" else "succeeded",
        "planSha256": hashlib.sha256(mark.encode()).hexdigest(),
        "summary": {"mark": mark, "stoppedBy": why},
    }
    (folder / OUTCOME).write_text(json.dumps(outcome))


def telling(folder: Path, wishes: child.Wishes, *_: str) -> None:
    """Tell one step, then nothing more."""
    sys.stdout.write(json.dumps({"phase": "relaxation"}) + "\n")
    sys.stdout.flush()
    obedient(folder, wishes)


ACTS = (quick, once, big, memory, family, segv, deaf, busy, obedient, telling)
WAYS = {act.__name__: act for act in ACTS}


def main() -> None:
    folder = Path(sys.argv[1])
    child.settle_in()
    reference = json.loads((folder / TASK).read_bytes())["request"].get("externalRef") or "real"
    way, *words = reference.split()
    if way not in WAYS:
        os._exit(child.work(folder))
    wishes = child.Wishes()
    threading.Thread(target=wishes.listen, daemon=True).start()
    try:
        WAYS[way](folder, wishes, *words)
    except OSError as error:
        if error.errno not in FULL:
            raise
        os._exit(75)
    os._exit(0)


if __name__ == "__main__":
    main()
