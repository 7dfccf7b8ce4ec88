"""The way out is guarded: from a URL to addresses that were checked, which are then connected to.

The same check stands at registration and at every try. Names are looked up once per check, and the
connection goes to what was checked, so a name can't change its mind in between.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.webhooks.addresses import AddressRules
from service.webhooks.urls import Address, Receiver, ReceiverRefusedError, parse_url

LookUp = Callable[[str], Sequence[Address]]
"""All addresses of a name; blocks; raises :class:`OSError` if there are none."""

MOST_ADDRESSES = 20
"""A name with more is refused: nobody serves one receiver from so many, and each would be checked."""

log = logging.getLogger("landbridge.webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReceiver:
    """A receiver with the addresses that may be connected to, at least one, in the order of the look-up."""

    receiver: Receiver
    addresses: tuple[Address, ...]


class Guard:
    """Checks receivers by the rules of this server.

    Parameters
    ----------
    rules
        What is allowed beyond public addresses.
    look_up
        How names become addresses; the system's way unless a test gives another.
    """

    def __init__(self, rules: AddressRules, look_up: LookUp | None = None) -> None:
        self._rules = rules
        self._look_up = look_up_by_system if look_up is None else look_up

    def check(self, url: str) -> CheckedReceiver:
        """Addresses that a message to ``url`` may go to. Blocks while the name is looked up.

        Raises
        ------
        ReceiverRefusedError
            If the URL is refused, if its name is unknown, or if one of its addresses is not allowed. The
            last two read alike: who may register URLs must not learn which names a private network has.
        """
        receiver = parse_url(url)
        addresses = self._list_addresses(receiver)
        refused = [address for address in addresses if not self._rules.is_allowed(address)]
        if refused or not addresses or len(addresses) > MOST_ADDRESSES:
            # The host stands in the log alone: path and query may hold a token.
            shown = ", ".join(str(address) for address in refused[:MOST_ADDRESSES])
            log.warning("webhook refused: %s leads to %s", receiver.host, shown or "no usable address")
            raise refused_address()
        if receiver.scheme == "http" and not all(self._rules.is_listed(address) for address in addresses):
            raise ReceiverRefusedError("is not encrypted", "https is needed outside listed networks")
        return CheckedReceiver(receiver=receiver, addresses=addresses)

    def _list_addresses(self, receiver: Receiver) -> tuple[Address, ...]:
        if receiver.address is not None:
            return (receiver.address,)
        try:
            found = self._look_up(receiver.host)
        except OSError as error:
            log.warning("webhook refused: %s has no address: %s", receiver.host, error)
            return ()
        return tuple(dict.fromkeys(found))


def refused_address() -> ReceiverRefusedError:
    """Refusal of a URL for where it leads, whatever that is."""
    return ReceiverRefusedError(
        "leads to no address that webhooks may be sent to",
        "it has to be public, or in a network that the administrator has listed",
    )


def look_up_by_system(host: str) -> Sequence[Address]:
    """All addresses that the system gives for ``host``."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    # A zone of a link-local address is cut off: such an address is refused with it or without.
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
