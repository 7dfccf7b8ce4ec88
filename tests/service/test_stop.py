"""A worker process that is told to stop does so, whichever of its threads the system tells."""

from __future__ import annotations

import subprocess
import sys

import pytest

from service.store.database import Database
from service.store.upgrade import make_ready
from tests.service.conftest import KEY

TOLD_BESIDE = """
import os, signal, threading, time
from pathlib import Path

from service.serve import work
from service.settings import Settings


def tell():
    while not any(thread.name == "webhooks" for thread in threading.enumerate()):
        time.sleep(0.05)
    time.sleep(0.5)  # by now the main thread has nothing left to do
    signal.pthread_kill(threading.get_ident(), getattr(signal, os.environ["TOLD"]))


threading.Thread(target=tell, daemon=True).start()
work(Settings(database=os.environ["URL"], data=Path(os.environ["DATA"])))
"""


@pytest.mark.parametrize("told", ["SIGTERM", "SIGINT"])
def test_a_worker_whose_other_thread_is_told_to_stop(postgres, tmp_path, told):
    url = postgres.make_database()
    database = Database(url)
    make_ready(database)
    database.close()
    done = subprocess.run(
        [sys.executable, "-c", TOLD_BESIDE],
        env={"URL": url, "DATA": str(tmp_path), "TOLD": told, "LANDBRIDGE_SERVER_KEY": KEY},
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "worker ready" in done.stderr
