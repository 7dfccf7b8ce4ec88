"""Versions on the wire: ``ETag``, ``If-Match``, ``If-None-Match``."""

from __future__ import annotations

import hashlib

from starlette.requests import Request

from service.problems import Problem


def etag(version: int, besides: int | None = None) -> str:
    """Tag of a version, and of what changes besides it."""
    return f'"{version}"' if besides is None else f'"{version}-{besides}"'


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


def require_known(request: Request, version: int | None) -> None:
    """Refuse a change of a version that the caller has not seen, if the caller names any.

    Parameters
    ----------
    version
        ``None`` = it is not there.

    Raises
    ------
    Problem
        412 if If-Match names another version, or if If-None-Match says that there is none.
    """
    tag = None if version is None else etag(version)
    headers = {} if tag is None else {"ETag": tag}
    match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
    if match is not None and (tag is None or not _names(match, tag)):
        raise Problem("precondition-failed", headers=headers)
    if none_match is not None and tag is not None and _names(none_match, tag):
        raise Problem("precondition-failed", headers=headers)


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
