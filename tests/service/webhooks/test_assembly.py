"""From the settings to the guard."""

from __future__ import annotations

import pytest

from service.settings import Settings, SettingsError
from service.webhooks.assembly import guard_of
from service.webhooks.urls import ReceiverRefusedError


def is_open(settings: Settings, url: str) -> bool:
    try:
        guard_of(settings).check(url)
    except ReceiverRefusedError:
        return False
    return True


def test_by_default_only_public_addresses_are_open():
    assert is_open(Settings(), "https://8.8.8.8/")
    assert not is_open(Settings(), "https://10.1.2.3/")
    assert not is_open(Settings(), "http://127.0.0.1:8080/")


def test_networks_and_loopback_are_opened_by_the_environment(monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_WEBHOOK_NETWORKS", "10.1.0.0/16, fd12::/16")
    monkeypatch.setenv("LANDBRIDGE_WEBHOOK_LOOPBACK", "true")
    for url in ("http://10.1.2.3/", "https://[fd12::1]/", "http://127.0.0.1:8080/"):
        assert is_open(Settings(), url)
    for url in ("https://10.2.0.1/", "https://169.254.169.254/"):
        assert not is_open(Settings(), url)


@pytest.mark.parametrize(
    "network",
    ["10.0.0.1/8", "10.0.0.0/33", "erp", "127.0.0.0/8", "127.0.0.1", "169.254.169.254/32", "fe80::/64"],
)  # fmt: skip
def test_a_network_that_is_none_or_can_never_be_opened_refuses_the_start(network):
    with pytest.raises(SettingsError, match="webhook network"):
        guard_of(Settings(webhook_networks=(network,)))
