"""Versions on the wire: ``ETag``, ``If-Match``, ``If-None-Match``."""

from __future__ import annotations

import hashlib

from starlette.requests import Request

from service.problems import Problem


def etag(version: int) -> str:
    """Tag of a version."""
    return f'"{version}"'


def require_match(request: Request, version: int) -> None:
    """Refuse a change of a version that the caller has not seen.

    Raises
    ------
    Problem
        428 without If-Match, 412 if it names another version.
    """
    given = request.headers.get("if-match")
    if given is None:
        raise Problem("precondition-required")
    if not _names(given, etag(version)):
        raise Problem("precondition-failed", headers={"ETag": etag(version)})


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the caller has this version already."""
    given = request.headers.get("if-none-match")
    return given is not None and _names(given, tag)


def content_tag(content: bytes) -> str:
    """Tag of what has no version of its own."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _names(given: str, tag: str) -> bool:
    tags = [one.strip().removeprefix("W/") for one in given.split(",")]
    return "*" in tags or tag in tags
