"""Uploaded files: streamed into a file of their own, never held in memory, gone once they are dealt with."""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from planner.reading.codes import EMPTY, UNKNOWN
from service.callers import calling, needing
from service.openapi import FIELD
from service.problems import Fault, Problem
from service.writing import Work

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FIELDS = 16
"""Fields of a form that are told to be unknown; more is no form of anybody's."""
CHUNK = 1 << 16
MAX_NAME = 200


@dataclass(slots=True)
class Upload:
    """A file that was sent, and who sent it.

    Parameters
    ----------
    path
        Where it is while the request lasts.
    name
        How its sender calls it, fit to be shown.
    """

    work: Work
    path: Path
    name: str
    size: int


def uploading(scope: str) -> Callable[..., AsyncIterator[Upload]]:
    """Dependency: an uploaded file of a caller with a scope: a form's field ``file``, or the body itself.

    Who is calling is asked before anything is read. Two uploads are the same call if file and name are the
    same: the borders of a form are drawn by chance.
    """
    find = calling(scope)

    async def receive(
        request: Request,
        file_name: Annotated[
            str | None,
            Query(
                alias="fileName",
                max_length=MAX_NAME,
                pattern=r"^[^\x00]*$",
                description="Name of a file sent as the body itself.",
            ),
        ] = None,
    ) -> AsyncIterator[Upload]:
        caller = await find(request)
        folder: Path = request.app.state.uploads_folder
        with tempfile.NamedTemporaryFile(dir=folder, prefix="upload-") as kept:
            try:
                name, digest, size = await _receive(request, kept.file, file_name)
            except ClientDisconnect:
                raise Problem("bad-request", "the upload broke off") from None
            kept.flush()
            if size == 0:
                raise Problem(
                    "invalid", errors=[Fault(pointer=FIELD, code=EMPTY, reason="the file is empty")]
                )
            shown = shown_name(name)
            sealed = hashlib.sha256(f"{digest}\n{shown}".encode()).hexdigest()
            work = Work(request=request, caller=caller, body_sha256=sealed)
            yield Upload(work=work, path=Path(kept.name), name=shown, size=size)

    return needing(scope, receive)


async def _receive(request: Request, kept: IO[bytes], file_name: str | None) -> tuple[str, str, int]:
    """Name, SHA-256 and size of the file, once it is kept."""
    digest, size = hashlib.sha256(), 0
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        try:
            async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
                strangers = [name for name in form if name != FIELD]
                if strangers:
                    faults = [
                        Fault(pointer=name, code=UNKNOWN, reason="is not known here") for name in strangers
                    ]
                    raise Problem("invalid", errors=faults)
                file: Any = form.get(FIELD)
                if not isinstance(file, UploadFile):
                    raise Problem("invalid", errors=[Fault(pointer=FIELD, reason="is no file of the form")])
                while chunk := await file.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    kept.write(chunk)
                return file_name or file.filename or "upload", digest.hexdigest(), size
        except MultiPartException as error:
            raise Problem("bad-request", error.message) from None
    async for chunk in request.stream():
        digest.update(chunk)
        size += len(chunk)
        kept.write(chunk)
    return file_name or "upload", digest.hexdigest(), size


def shown_name(name: str) -> str:
    """A file name without folders, control characters and marks that turn the direction of text."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    return kept.strip()[:MAX_NAME] or "upload"
