"""In which language a page is, and what it says: its own words, and those of the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from planner.render.languages import CHINESE, ENGLISH, LANGUAGE_TAGS, LANGUAGES
from planner.render.report_html import report_words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE = "landbridge_language"
YEAR_S = 365 * 86_400
WORDS = "words.json"


@lru_cache(maxsize=1)
def own_words() -> Mapping[str, Mapping[str, str]]:
    """Words of the page itself, by language."""
    text = files("service.web").joinpath(WORDS).read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


@lru_cache(maxsize=len(LANGUAGES))
def words_of(lang: str) -> Mapping[str, str]:
    """Everything that a page may say in a language; what the report says, too, is said in the same words."""
    return {**report_words()[lang], **own_words()[lang]}


@dataclass(frozen=True, slots=True)
class Speech:
    """Says things in one language."""

    lang: str

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return LANGUAGE_TAGS[self.lang]

    def __call__(self, key: str, **values: object) -> str:
        """A sentence or word; a key that is none is a fault of ours."""
        return words_of(self.lang)[key].format(**values)

    def find(self, key: str, otherwise: str) -> str:
        """What is said for a key that others made up, or something else."""
        return words_of(self.lang).get(key, otherwise)

    def counted(self, key: str, number: int) -> str:
        """A number with its noun: 1 batch, 2 batches."""
        one = f"{key}_one"
        return self(one if number == 1 and one in words_of(self.lang) else key, count=f"{number:,}")


def speak(request: Request, lang: str) -> None:
    """Answer a request in a language, whatever was chosen before."""
    request.state.language = lang


def keep_language(request: Request, answer: Response, lang: str) -> None:
    """Let the browser remember a language."""
    answer.set_cookie(
        COOKIE,
        lang,
        max_age=YEAR_S,
        path="/",
        secure=request.app.state.is_secure,
        httponly=True,
        samesite="strict",
    )


def speech_of(request: Request) -> Speech:
    """The language that was chosen, else one that the browser asks for."""
    chosen = getattr(request.state, "language", request.cookies.get(COOKIE))
    if chosen in LANGUAGES:
        return Speech(chosen)
    asked = request.headers.get("accept-language", "").lower()
    first = next((one.strip()[:2] for one in asked.split(",") if one.strip()[:2] in LANGUAGES), ENGLISH)
    return Speech(CHINESE if first == CHINESE else ENGLISH)
