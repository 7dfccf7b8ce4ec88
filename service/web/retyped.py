"""A form in another language, as it was typed; nothing is made of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from planner.render.languages import LANGUAGES
from service.problems import Problem
from service.web.languages import keep_language, speak
from service.web.routes import FormWork, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request
    from sqlalchemy import Connection

    from service.writing import Answer


class _NothingMadeError(Exception):
    """Takes back what was made."""


@dataclass(slots=True)
class Trial(FormWork):
    """A change that is made to see what is said against it, and taken back."""

    def once(self, effect: Callable[[Connection, int], Answer]) -> Response:
        """Make a change and take it back."""

        def taken_back(connection: Connection, now_ms: int) -> Answer:
            effect(connection, now_ms)
            raise _NothingMadeError

        with suppress(_NothingMadeError):
            FormWork.once(self, taken_back)
        return Response()

    def _key(self) -> None:
        return None


def in_other_language(
    request: Request,
    work: FormWork,
    make: Callable[[Request, FormWork], object],
    show: Callable[[Request, FormWork, Problem | None], Response],
    *,
    is_refused: bool,
) -> Response:
    """The form once more, in the language that was chosen on it.

    Parameters
    ----------
    make
        Does what the form asks for, or raises why not.
    show
        The form as it was typed, with what is wrong with it.
    is_refused
        Whether the form said what is wrong with it, and has to say so again.
    """
    lang = text_of(work.form, "language")
    if lang not in LANGUAGES:
        return show(request, work, None)
    speak(request, lang)
    answer = show(request, work, _find_problem(request, work, make) if is_refused else None)
    keep_language(request, answer, lang)
    return answer


def _find_problem(
    request: Request, work: FormWork, make: Callable[[Request, FormWork], object]
) -> Problem | None:
    try:
        make(request, Trial(work.request, work.caller, work.body_sha256, work.form))
    except Problem as problem:
        return problem
    return None
