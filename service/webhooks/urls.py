"""The URL of a receiver: a strict grammar of our own, so that no two parsers can read it differently.

What is read here is what is connected to and what is sent; the text is never parsed again. Nothing is
repaired: another spelling of the same address is refused with a hint.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal

import idna

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_CHARACTERS = 2_000
DEFAULT_PORTS = {"https": 443, "http": 80}
_LOW_PORTS = frozenset(DEFAULT_PORTS.values())
_FIRST_HIGH_PORT, _LAST_PORT = 1_024, 65_535
_MOST_HOST_CHARACTERS = 253

_PARTS = re.compile(r"(?P<scheme>[a-z]+)://(?P<authority>[^/?]*)(?P<target>[/?].*)?")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\[\]:]*)(?P<colon>:(?P<port>.*))?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_TARGET = re.compile(r"([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")


class ReceiverRefusedError(ValueError):
    """A URL or address that nothing is sent to: ``reason`` says why, ``hint`` what to do (may be empty)."""

    def __init__(self, reason: str, hint: str = "") -> None:
        self.reason = reason
        self.hint = hint
        super().__init__(f"{reason} ({hint})" if hint else reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where a message goes, part by part.

    Parameters
    ----------
    host
        Name in lower-case ASCII (IDNA 2008), or an address in its usual spelling, without brackets.
    address
        The host as an address; ``None`` if it is a name.
    target
        Path and query as they are sent; begins with ``/``.
    """

    scheme: Literal["https", "http"]
    host: str
    address: Address | None
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Value of the ``Host`` header: the port only where it is not the usual one."""
        host = f"[{self.host}]" if isinstance(self.address, ipaddress.IPv6Address) else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_url(text: str) -> Receiver:
    """Read the URL of a receiver.

    Raises
    ------
    ReceiverRefusedError
        If it is no plain ``https`` or ``http`` URL with a host, a usable port, and nothing hidden in it.
    """
    if len(text) > MOST_CHARACTERS:
        raise ReceiverRefusedError(f"is longer than {MOST_CHARACTERS} characters")
    if any(not character.isprintable() or character in " \\" for character in text):
        raise ReceiverRefusedError("holds a blank, a backslash or an invisible character")
    if "#" in text:
        raise ReceiverRefusedError("has a fragment", "leave out # and what follows: it is never sent")
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ReceiverRefusedError("is no URL", "https://host/path, the scheme in small letters")
    scheme = _parse_scheme(parts["scheme"])
    if "@" in parts["authority"]:
        raise ReceiverRefusedError("holds a user name", "messages are signed instead")
    host_and_port = _HOST_AND_PORT.fullmatch(parts["authority"])
    if host_and_port is None:
        raise ReceiverRefusedError("has a host that can't be read")
    host, address = _parse_host(host_and_port["host"])
    return Receiver(
        scheme=scheme,
        host=host,
        address=address,
        port=DEFAULT_PORTS[scheme] if host_and_port["colon"] is None else _parse_port(host_and_port["port"]),
        target=_parse_target(parts["target"] or ""),
    )


def _parse_scheme(text: str) -> Literal["https", "http"]:
    match text:
        case "https" | "http":
            return text
        case _:
            raise ReceiverRefusedError(f"has the scheme {text[:20]}", "https is needed")


def _parse_port(text: str) -> int:
    """Web ports, and those that any program may open; the others belong to mail, names, printers ..."""
    if not (text.isascii() and text.isdigit()) or len(text) > 5 or text.startswith("0"):
        raise ReceiverRefusedError("has a port that is no number")
    port = int(text)
    if port not in _LOW_PORTS and not _FIRST_HIGH_PORT <= port <= _LAST_PORT:
        raise ReceiverRefusedError(f"has the port {port}", "443, 80, or 1024 to 65535")
    return port


def _parse_target(text: str) -> str:
    if _TARGET.fullmatch(text) is None:
        raise ReceiverRefusedError("has a path that is not encoded", "other characters are written as %XX")
    return text if text.startswith("/") else "/" + text


def _parse_host(text: str) -> tuple[str, Address | None]:
    if not text:
        raise ReceiverRefusedError("has no host")
    if text.startswith("["):
        return _parse_ipv6(text[1:-1])
    name = text if text.isascii() else _to_ascii(text)
    labels = name.lower().split(".")
    if _LOOKS_LIKE_A_NUMBER.fullmatch(labels[-1]) is not None:
        return _parse_ipv4(name)
    if labels[-1] == "":
        raise ReceiverRefusedError("has a host that ends with a dot", "write it without the last dot")
    if len(name) > _MOST_HOST_CHARACTERS or any(_LABEL.fullmatch(label) is None for label in labels):
        raise ReceiverRefusedError("has a host that is no name", "letters, digits, hyphens and dots")
    for label in labels:
        if label.startswith("xn--"):
            _check_a_label(label)
    return ".".join(labels), None


def _to_ascii(text: str) -> str:
    """IDNA 2008, without evening out look-alikes: full-width digits and dots are refused."""
    try:
        return idna.encode(text, strict=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ReceiverRefusedError("has a host that is no international name (IDNA 2008)") from error


def _check_a_label(label: str) -> None:
    try:
        idna.ulabel(label)
    except (idna.IDNAError, UnicodeError) as error:
        raise ReceiverRefusedError("has a host that is no international name (IDNA 2008)") from error


def _parse_ipv4(text: str) -> tuple[str, Address]:
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError as error:
        raise ReceiverRefusedError(
            "has an address in an unusual spelling", "four numbers: 192.0.2.1"
        ) from error
    return str(address), address


def _parse_ipv6(text: str) -> tuple[str, Address]:
    if "%" in text:
        raise ReceiverRefusedError("has an address with a zone")
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError as error:
        raise ReceiverRefusedError("has an address that is none", "[2001:db8::1]") from error
    return str(address), address
