"""Forms of the page: what was typed into them, and what is asked by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from service.problems import Fault, Problem
from service.web.wrong import SaidFault, Wrong

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from starlette.datastructures import FormData

    from service.web.languages import Speech

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in a form, and what is wrong with it.

    Parameters
    ----------
    texts
        Text of each field.
    chosen
        What is ticked, of fields that are a choice of several.
    faults
        By name of the field; those of none under an empty name.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, Sequence[Wrong]] = field(default_factory=dict)

    def text(self, name: str, otherwise: str = "") -> str:
        """Text of a field, or what stands there at first."""
        return self.texts.get(name, otherwise)

    def is_chosen(self, name: str, value: str, *, otherwise: bool = False) -> bool:
        """Whether a box is ticked."""
        return value in self.chosen[name] if name in self.chosen else otherwise

    def of(self, name: str) -> Sequence[Wrong]:
        """What is wrong with a field."""
        return self.faults.get(name, ())


def fields_of(form: FormData, faults: Mapping[str, Sequence[Wrong]] | None = None) -> Fields:
    """What was sent, to be shown again."""
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    chosen = {name: [one for one in form.getlist(name) if isinstance(one, str)] for name in texts}
    return Fields(texts, chosen, faults or {})


def asked_of(say: Speech, model: type[M], content: Mapping[str, Any]) -> M:
    """A request made of a form, by the rules of the API.

    Raises
    ------
    Problem
        422 with every fault.
    """
    try:
        return model.model_validate(dict(content))
    except ValidationError as error:
        faults = [_refused(say, one) for one in error.errors()]
        raise Problem("invalid", errors=faults) from None


def _refused(say: Speech, error: ErrorDetails) -> Fault:
    word = f"typed_{error['type']}"
    is_said = bool(say.find(word, ""))
    make = SaidFault if is_said else Fault
    return make(
        pointer="/" + "/".join(map(str, error["loc"])),
        value=error["input"][:80] if isinstance(error["input"], str) else None,
        code=error["type"],
        reason=say(word, **error.get("ctx", {})) if is_said else error["msg"],
    )


class FormReader:
    """Reads fields one by one; leaves out what is blank, and remembers what is no number."""

    def __init__(self, say: Speech, form: FormData) -> None:
        self._say = say
        self._form = form
        self.faults: list[Fault] = []

    def text(self, name: str) -> str | None:
        """A text, or nothing."""
        found = self._form.get(name)
        return (found.strip() or None) if isinstance(found, str) else None

    def lines(self, name: str) -> list[str]:
        """One text a line."""
        return [line.strip() for line in (self.text(name) or "").splitlines() if line.strip()]

    def number(self, name: str) -> int | None:
        """A whole number, or nothing."""
        text = self.text(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            reason = self._say("no_whole_number")
            self.faults.append(SaidFault(pointer=f"/{name}", value=text[:80], reason=reason))
            return None
        return int(text)

    def is_ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) is not None

    def chosen(self, name: str) -> list[str]:
        """All that is ticked."""
        return [one for one in self._form.getlist(name) if isinstance(one, str)]

    def refuse(self) -> None:
        """Refuse the form if a field could not be read.

        Raises
        ------
        Problem
            422 with every fault.
        """
        if self.faults:
            raise Problem("invalid", errors=self.faults)
