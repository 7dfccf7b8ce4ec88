"""The guard at the counter."""

from __future__ import annotations

import threading
import time
from ipaddress import ip_address

import pytest

from service.problems import Problem
from service.webhooks import registration
from service.webhooks.addresses import AddressRules
from service.webhooks.guard import Guard
from service.webhooks.registration import Registration
from service.webhooks.urls import ReceiverRefusedError
from tests.waiting import wait_until


def test_what_the_guard_takes_and_refuses_is_passed_on():
    desk = Registration(Guard(AddressRules()))
    assert [str(address) for address in desk.check("acme", "https://8.8.8.8/").addresses] == ["8.8.8.8"]
    with pytest.raises(ReceiverRefusedError, match="has a fragment"):
        desk.check("acme", "https://8.8.8.8/#x")
    desk.close()


def test_a_name_that_is_never_answered_is_refused_in_time_and_reads_as_a_forbidden_one(monkeypatch):
    monkeypatch.setattr(registration, "PATIENCE_S", 0.2)
    answered = threading.Event()

    def look_up(host: str):
        if host == "slow":
            answered.wait(30)
        return [ip_address("10.0.0.1" if host == "private" else "8.8.8.8")]

    desk = Registration(Guard(AddressRules(), look_up))
    began = time.monotonic()
    told = []
    for host in ("slow", "private"):
        with pytest.raises(ReceiverRefusedError) as caught:
            desk.check("acme", f"https://{host}/")
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert desk.check("acme", "https://quick/").addresses == (ip_address("8.8.8.8"),)
    assert time.monotonic() - began < 10
    answered.set()
    desk.close()


def test_names_that_are_never_answered_hold_nobody_else(monkeypatch):
    monkeypatch.setattr(registration, "PATIENCE_S", 0.05)
    answered = threading.Event()

    def look_up(host: str):
        if host == "slow":
            answered.wait(30)
        return [ip_address("8.8.8.8")]

    desk = Registration(Guard(AddressRules(), look_up))
    refused = []
    for tenant in ("acme", "acme", "acme", "zeta", "beta", "beta", "gamma", "gamma", "delta", "delta"):
        with pytest.raises((ReceiverRefusedError, Problem)) as caught:
            desk.check(tenant, "https://slow/")
        refused.append(caught.value.code if isinstance(caught.value, Problem) else "slow")
    assert refused == ["slow", "slow", "unavailable", *6 * ["slow"], "unavailable"]
    answered.set()
    wait_until(lambda: desk.num_looking == 0, seconds=10)
    assert desk.check("acme", "https://quick/").addresses == (ip_address("8.8.8.8"),)
    desk.close()
