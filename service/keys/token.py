"""What a key looks like: ``lb_<env>_<id>_<secret>_<checksum>``; leak scanners know prefix and checksum."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_LETTERS, SECRET_LETTERS, CHECK_LETTERS = 8, 43, 6
_TOKEN = re.compile(
    rf"lb_(?P<env>[a-z]{{2,8}})_(?P<id>[0-9A-Za-z]{{{ID_LETTERS}}})"
    rf"_(?P<secret>[0-9A-Za-z]{{{SECRET_LETTERS}}})_(?P<check>[0-9A-Za-z]{{{CHECK_LETTERS}}})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its owner holds it; it is shown once and stored only as a hash."""

    key_id: str
    secret: str
    text: str


def make_token(env: str = "live") -> Token:
    """A fresh key: 43 letters of 62 are 256 random bits."""
    key_id, secret = _letters(ID_LETTERS), _letters(SECRET_LETTERS)
    start = f"lb_{env}_{key_id}_{secret}"
    return Token(f"key_{key_id}", secret, f"{start}_{_checksum(start)}")


def read_token(text: str) -> Token | None:
    """The key that a text is; ``None`` if it can't be one, told by its checksum without a look-up."""
    found = _TOKEN.fullmatch(text)
    if found is None or _checksum(text.rpartition("_")[0]) != found["check"]:
        return None
    return Token(f"key_{found['id']}", found["secret"], text)


def hash_secret(server_key: bytes, secret: str) -> str:
    """What is stored of a secret; without the server key nothing can be tried against it."""
    return hmac.digest(server_key, b"api key\n" + secret.encode(), hashlib.sha256).hex()


def _letters(number: int) -> str:
    return "".join(secrets.choice(BASE62) for _ in range(number))


def _checksum(text: str) -> str:
    rest = zlib.crc32(text.encode())
    letters = []
    for _ in range(CHECK_LETTERS):
        rest, digit = divmod(rest, len(BASE62))
        letters.append(BASE62[digit])
    return "".join(letters)
