"""Which addresses a message may be sent to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.webhooks.addresses import AddressRules, is_public

EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))

PUBLIC = [
    *("8.8.8.8", "1.1.1.1", "223.5.5.5", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.1"),
    *("11.0.0.1", "169.253.255.255", "169.255.0.1", "192.167.255.255", "192.169.0.1", "198.20.0.1"),
    *("2606:4700::1111", "2400:3200::1", "2a00:1450:4001::1", "2001:4860:4860::8888", "2620:fe::fe"),
]
LISTABLE = [
    *("10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"),
    *("100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.8", "192.0.0.9", "192.0.2.1", "192.88.99.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "240.0.0.1", "255.255.255.254"),
    *("fc00::1", "fd12:3456::1", "fec0::1", "2001:db8::1", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("3fff::1", "5f00::1", "100::1", "64:ff9b:1::1", "4000::1", "1fff::1", "e000::1"),
    # An address of the public internet inside another one: nobody's receiver, but an administrator may know.
    *("64:ff9b::808:808", "2002:808:808::1", "2a00:1450::5efe:808:808"),
]
NEVER = [
    *("0.0.0.0", "0.1.2.3", "169.254.0.1", "169.254.169.254", "224.0.0.1", "239.255.255.255"),
    *("255.255.255.255", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    *("::", "fe80::1", "febf::1", "ff02::1", "ff0e::1", "fd00:ec2::254", "fd20:ce::254"),
    *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "::808:808", "::ffff:0:808:808"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    *("2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2a00:1450::5efe:7f00:1"),
    "2a00:1450::200:5efe:a9fe:a9fe",
]
LOOPBACK = ["127.0.0.1", "127.255.255.254", "::1"]


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_allowed_to_everybody(text):
    assert is_public(ip_address(text))
    assert AddressRules().is_allowed(ip_address(text))
    assert not AddressRules().is_listed(ip_address(text))


@pytest.mark.parametrize("text", LISTABLE)
def test_a_private_address_is_allowed_by_the_list_alone(text):
    address = ip_address(text)
    assert not is_public(address)
    assert not AddressRules(allow_loopback=True).is_allowed(address)
    assert AddressRules(allowed_networks=(ip_network(text),)).is_allowed(address)
    assert AddressRules(allowed_networks=EVERYTHING).is_listed(address)


@pytest.mark.parametrize("text", NEVER)
def test_what_is_never_allowed_is_opened_by_no_list_and_no_flag(text):
    address = ip_address(text)
    assert not is_public(address)
    assert not AddressRules(allowed_networks=EVERYTHING, allow_loopback=True).is_allowed(address)


@pytest.mark.parametrize("text", LOOPBACK)
def test_loopback_is_opened_by_its_flag_and_by_no_list(text):
    address = ip_address(text)
    assert not is_public(address)
    assert not AddressRules(allowed_networks=EVERYTHING).is_allowed(address)
    assert AddressRules(allow_loopback=True).is_listed(address)


def test_a_listed_network_opens_itself_and_nothing_beside_it():
    rules = AddressRules(allowed_networks=(ip_network("10.1.0.0/16"), ip_network("fd12::/16")))
    allowed = ("10.1.0.0", "10.1.255.255", "fd12::1")
    refused = ("10.0.255.255", "10.2.0.0", "fd13::1", "192.168.0.1")
    assert [text for text in (*allowed, *refused) if rules.is_allowed(ip_address(text))] == [*allowed]


@given(address=st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_that_the_standard_library_calls_private(address: IPv4Address):
    if is_public(address):
        private, reserved, many = address.is_private, address.is_reserved, address.is_multicast
        assert (private, reserved, many) == (False, False, False)


@given(address=st.ip_addresses(v=4), prefix=st.sampled_from(["64:ff9b::", "::ffff:0:0", "::"]))
def test_no_spelling_of_an_ipv4_address_in_ipv6_is_public(address: IPv4Address, prefix: str):
    assert not is_public(IPv6Address(int(IPv6Address(prefix)) + int(address)))
