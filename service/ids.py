"""Ids that nobody can guess or count: a prefix that names the kind, and 128 random bits."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letters that are taken for a digit, readable over a telephone."""
DIGITS = 26


def new_id(prefix: str) -> str:
    """A fresh id such as ``pln_0ep3c4x1w9m7r5t2k8y6b3d1f0``."""
    number = secrets.randbits(128)
    letters = []
    for _ in range(DIGITS):
        number, digit = divmod(number, 32)
        letters.append(ALPHABET[digit])
    return f"{prefix}_{''.join(letters)}"
