"""Signatures by Standard Webhooks 1.0: ``v1``, HMAC-SHA256 over id, time and body.

Secrets are derived and never stored: whoever has a copy of the database can't sign. A rotation raises the
number of an endpoint's secret; the one before it signs beside the new one for a day.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PREFIX = "whsec_"
ROTATION_MS = 24 * 3_600_000
"""How long the secret before the last rotation still signs."""
LEAST_KEY_BYTES = 32


def secret_of(server_key: bytes, endpoint_id: str, number: int) -> str:
    """Secret of an endpoint as the receiver gets it: ``whsec_`` and 32 bytes in base64.

    Parameters
    ----------
    server_key
        Key of this installation, at least 32 bytes.
    endpoint_id
        Id of the endpoint; holds no ``|``.
    number
        1 for the first secret of the endpoint, one more for each rotation.

    Raises
    ------
    ValueError
        If the key is too short, the id is ambiguous, or the number is below 1.
    """
    if len(server_key) < LEAST_KEY_BYTES:
        raise ValueError(f"the server key has {len(server_key)} bytes, and needs {LEAST_KEY_BYTES}")
    if not endpoint_id or "|" in endpoint_id or number < 1:
        raise ValueError(f"no secret belongs to {endpoint_id!r}, number {number}")
    words = f"webhook|{endpoint_id}|{number}".encode()
    return PREFIX + base64.b64encode(hmac.digest(server_key, words, hashlib.sha256)).decode()


def numbers_in_force(number: int, rotated_ms: int | None, now_ms: int) -> tuple[int, ...]:
    """Numbers of the secrets that sign now, newest first: the one before signs for a day after a rotation."""
    if number > 1 and rotated_ms is not None and now_ms - rotated_ms < ROTATION_MS:
        return (number, number - 1)
    return (number,)


def sign(secret: str, message_id: str, timestamp_s: int, body: bytes) -> str:
    """One signature, ``v1,`` and base64, over ``id.timestamp.body``."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_headers(
    secrets: tuple[str, ...], message_id: str, timestamp_s: int, body: bytes
) -> tuple[tuple[str, str], ...]:
    """Headers that prove a message: its id, the time of this try, and a signature by each secret.

    Parameters
    ----------
    message_id
        The same at every try, so that a receiver knows a message it has had before.
    timestamp_s
        Seconds since 1970 of this try, not of the event: receivers refuse what is older than five minutes.
    """
    if not secrets or "." in message_id:
        raise ValueError(f"message {message_id!r} can't be signed by {len(secrets)} secrets")
    signatures = " ".join(sign(secret, message_id, timestamp_s, body) for secret in secrets)
    return (
        ("webhook-id", message_id),
        ("webhook-timestamp", str(timestamp_s)),
        ("webhook-signature", signatures),
    )
