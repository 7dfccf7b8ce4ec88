"""From the settings of a service to what guards and sends its webhooks."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from service.settings import SettingsError
from service.webhooks.addresses import LOOPBACK, NEVER, AddressRules, Network
from service.webhooks.dispatcher import Dispatcher, Pace
from service.webhooks.guard import Guard
from service.webhooks.sender import SendLimits

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store.database import Database


def guard_of(settings: Settings) -> Guard:
    """The guard by the rules of the administrator.

    Raises
    ------
    SettingsError
        If a listed network is none.
    """
    networks = tuple(_parse_network(text) for text in settings.webhook_networks)
    return Guard(AddressRules(allowed_networks=networks, allow_loopback=settings.webhook_loopback))


def dispatcher_of(settings: Settings, database: Database) -> Dispatcher:
    """A dispatcher that is not started yet."""
    limits = settings.limits
    pace = Pace(
        limits=SendLimits(deadline_s=limits.webhook_s, most_answer_bytes=limits.webhook_answer_bytes),
        parallel=limits.webhook_parallel,
        wait_scale=settings.webhook_wait_scale,
    )
    return Dispatcher(database, settings.server_key(), guard_of(settings), pace)


def _parse_network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise SettingsError(f"webhook network {text!r}: {error}") from None
    for shut in (*LOOPBACK, *NEVER):
        if network.version == shut.version and network.overlaps(shut) and network.prefixlen >= shut.prefixlen:
            raise SettingsError(f"webhook network {text!r}: no list opens {shut}")
    return network
