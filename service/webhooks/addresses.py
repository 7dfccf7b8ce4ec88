"""Which addresses webhooks may be sent to: public ones, and networks that the administrator has listed.

``is_global`` of the standard library is one of two checks only: it differs between versions of Python and
takes addresses for public that carry another one inside (NAT64, 6to4).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from service.webhooks.urls import Address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


LOOPBACK = _networks("127.0.0.0/8", "::1/128")

NEVER = _networks(
    *("0.0.0.0/8", "::/128"),  # this host
    *("169.254.0.0/16", "fe80::/10"),  # link-local: neighbours, and where most clouds hand out credentials
    *("224.0.0.0/4", "255.255.255.255/32", "ff00::/8"),  # many hosts at once
    # Where clouds hand out credentials or steer the machine, though not link-local.
    *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::254/128"),
    # Another spelling of an IPv4 address: what the packet reaches is that one.
    *("::ffff:0:0/96", "::/96", "::ffff:0:0:0/96"),
)
"""No list of an administrator opens these. Loopback is apart: see :data:`LOOPBACK`."""

NOT_PUBLIC = _networks(
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),  # private
    "100.64.0.0/10",  # shared by the customers of a provider
    *("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),  # protocols, relays, measurements
    *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),  # documentation
    "240.0.0.0/4",  # reserved
    "2001::/23",  # protocols, Teredo among them
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4: holds an IPv4 address
    "3fff::/20",  # documentation
)
"""Of IPv4 and of 2000::/3, by the registries of special addresses (IANA)."""
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
"""All that is handed out to networks; NAT64, private and reserved addresses lie outside."""
_INSIDE_INTERFACE_ID = (0x0000_5EFE, 0x0200_5EFE)
"""Upper half of the interface identifier by which ISATAP holds an IPv4 address."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRules:
    """What the administrator of a server allows beyond public addresses.

    Parameters
    ----------
    allowed_networks
        Private networks that hold receivers.
    allow_loopback
        Receivers on this machine, for laptops and tests.
    """

    allowed_networks: tuple[Network, ...] = ()
    allow_loopback: bool = False

    def is_listed(self, address: Address) -> bool:
        """The administrator vouches for ``address``: such receivers may do without TLS."""
        if _is_in(address, LOOPBACK):
            return self.allow_loopback
        return not _is_never(address) and _is_in(address, self.allowed_networks)

    def is_allowed(self, address: Address) -> bool:
        """A message may be sent to ``address``."""
        return self.is_listed(address) or is_public(address)


def is_public(address: Address) -> bool:
    """``address`` is one host of the public internet, and carries no other address inside."""
    if _is_never(address) or _is_in(address, NOT_PUBLIC) or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address in PUBLIC_IPV6 and (int(address) >> 32) & 0xFFFF_FFFF not in _INSIDE_INTERFACE_ID


def _is_never(address: Address) -> bool:
    """An address of :data:`NEVER`, or one that carries such a one, or loopback, inside."""
    if _is_in(address, NEVER):
        return True
    inner = [] if isinstance(address, ipaddress.IPv4Address) else _list_inner(address)
    return any(_is_in(held, (*LOOPBACK, *NEVER)) for held in inner)


def _list_inner(address: ipaddress.IPv6Address) -> list[Address]:
    """IPv4 addresses that ``address`` leads to by NAT64, 6to4, Teredo or ISATAP."""
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    inner: list[Address] = []
    if address in _NAT64 or (int(address) >> 32) & 0xFFFF_FFFF in _INSIDE_INTERFACE_ID:
        inner.append(last)
    if address.sixtofour is not None:
        inner.append(address.sixtofour)
    if address.teredo is not None:
        inner.extend(address.teredo)
    return inner


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
