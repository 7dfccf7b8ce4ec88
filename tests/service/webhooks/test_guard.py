"""From a URL to the addresses that may be connected to."""

from __future__ import annotations

import logging
import socket
from ipaddress import ip_address, ip_network

import pytest

from service.webhooks.addresses import AddressRules
from service.webhooks.guard import MOST_ADDRESSES, Guard, look_up_by_system
from service.webhooks.urls import ReceiverRefusedError

PRIVATE = AddressRules(allowed_networks=(ip_network("10.0.0.0/8"),))


def names(**by_name: str):
    """A look-up that knows a few names, each with addresses separated by blanks."""

    def look_up(host: str):
        if host not in by_name:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [ip_address(text) for text in by_name[host].split()]

    return look_up


def guard(rules: AddressRules | None = None, **by_name: str) -> Guard:
    return Guard(AddressRules() if rules is None else rules, names(**by_name))


def test_every_address_of_a_name_is_given_once_in_the_order_of_the_look_up():
    checked = guard(erp="8.8.8.8 2606:4700::1 8.8.8.8 1.1.1.1").check("https://erp/in")
    assert [str(address) for address in checked.addresses] == ["8.8.8.8", "2606:4700::1", "1.1.1.1"]
    assert checked.receiver.target == "/in"


def test_an_address_in_the_url_is_not_looked_up():
    checked = guard().check("https://8.8.8.8/")
    assert checked.addresses == (ip_address("8.8.8.8"),)


@pytest.mark.parametrize(
    "found",
    ["127.0.0.1", "8.8.8.8 127.0.0.1", "::1", "10.0.0.1", "8.8.8.8 10.0.0.1", "169.254.169.254", ""],
)  # fmt: skip
def test_one_address_that_is_not_allowed_refuses_the_name(found):
    with pytest.raises(ReceiverRefusedError, match="no address that webhooks may be sent to"):
        guard(erp=found).check("https://erp/")


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/",
     "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://169.254.169.254/latest/meta-data/",
     "https://100.64.0.1/", "https://[fe80::1]/", "https://224.0.0.1/", "https://0.0.0.0/"],
)  # fmt: skip
def test_a_forbidden_address_in_the_url_is_refused(url):
    with pytest.raises(ReceiverRefusedError, match="no address"):
        guard().check(url)


def test_an_unknown_name_and_a_private_one_read_alike():
    refused = []
    for url in ("https://unknown/", "https://internal/"):
        with pytest.raises(ReceiverRefusedError) as caught:
            guard(internal="10.0.0.1").check(url)
        refused.append(str(caught.value))
    assert refused[0] == refused[1]


def test_a_name_with_too_many_addresses_is_refused():
    many = [f"8.8.8.{number}" for number in range(MOST_ADDRESSES + 1)]
    assert len(guard(erp=" ".join(many[:-1])).check("https://erp/").addresses) == MOST_ADDRESSES
    with pytest.raises(ReceiverRefusedError, match="no address"):
        guard(erp=" ".join(many)).check("https://erp/")


def test_without_tls_only_where_the_administrator_vouches():
    assert guard(PRIVATE, erp="10.1.2.3").check("http://erp/").receiver.port == 80
    for found in ("8.8.8.8", "10.1.2.3 8.8.8.8"):
        with pytest.raises(ReceiverRefusedError, match="not encrypted"):
            guard(PRIVATE, erp=found).check("http://erp/")
    assert guard(AddressRules(allow_loopback=True)).check("http://127.0.0.1:8080/").receiver.port == 8080


def test_the_log_names_host_and_address_and_nothing_of_path_and_query(caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(ReceiverRefusedError):
        guard(erp="10.0.0.1").check("https://erp/secret-path?token=secret-token")
    assert "erp leads to 10.0.0.1" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("name", ["localhost", "ip6-localhost"])
def test_names_of_this_machine_are_looked_up_by_the_system_and_refused(name):
    with pytest.raises(ReceiverRefusedError, match="no address"):
        Guard(AddressRules()).check(f"https://{name}/")


def test_the_system_finds_this_machine():
    assert ip_address("127.0.0.1") in look_up_by_system("localhost")
