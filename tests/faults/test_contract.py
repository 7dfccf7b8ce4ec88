"""The short form of the contract run: the service against its own OpenAPI document."""

from __future__ import annotations

import httpx

from service.callers import SCOPES
from service.keys.admin import create
from service.settings import Limits, Settings
from service.store.database import Database
from tests.faults.contract import LIMITS, SHORT, SHORT_PHASES, fuzz, operations
from tests.service.live import Live

KEY = "a server key for tests only, 32 bytes or more"


def test_the_service_does_what_its_document_says(tmp_path, seed, copied_child):
    url = f"sqlite:///{tmp_path / 'landbridge.db'}"
    database = Database(url)
    token = create(database, KEY.encode(), "fuzzer", "all of it", SCOPES, 1)
    database.close()
    settings = Settings(
        database=url,
        data=tmp_path / "data",
        child_program=copied_child,
        require_keys=True,
        rates=False,
        metrics_token=token,
        webhook_loopback=True,
        workers=2,
        limits=Limits(**LIMITS),
        LANDBRIDGE_SERVER_KEY=KEY,
    )
    with Live(settings) as live:
        document = httpx.get(f"{live.url}/openapi.json", timeout=30).json()
        wanted = operations(document)
        more = ("--max-examples", str(SHORT))
        found = fuzz(tmp_path, live.url, token, SHORT_PHASES, seed, *more, wanted=wanted)
    assert found.failed == [], found.failed[0]
    assert sorted(wanted - found.reached()) == []
