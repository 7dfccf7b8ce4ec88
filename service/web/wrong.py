"""What is wrong with a form: by field, in the language of the page as far as it has words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.render.languages import ENGLISH
from service.problems import KINDS, Fault, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.web.languages import Speech


class SaidFault(Fault):
    """A fault whose reason is in the language of the page."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field, or with a whole form.

    Parameters
    ----------
    words
        In the language of the page.
    english
        What is said in English only.
    value
        What stands in the field.
    """

    words: str = ""
    english: str = ""
    value: str = ""


def faults_by_field(say: Speech, problem: Problem, fields: Mapping[str, str]) -> dict[str, list[Wrong]]:
    """Faults of a request by the fields that they are of; the others under an empty name.

    Parameters
    ----------
    fields
        Fields by the first step of the pointer of a fault, where the two differ.
    """
    if problem.code == "duplicate-reference":
        return {"externalRef": [Wrong(say("reference_taken"))]}
    found: dict[str, list[Wrong]] = {}
    for fault in problem.errors:
        steps = (fault.pointer or "").lstrip("/").split("/")
        name = fields.get("/".join(steps[:2]), fields.get(steps[0], steps[0]))
        found.setdefault(name, []).append(_wrong(say, fault))
    if not found:
        words = say.find(f"problem_{problem.code}", KINDS[problem.code].advice)
        found[""] = [Wrong(words, problem.detail)]
    return found


def _wrong(say: Speech, fault: Fault) -> Wrong:
    is_quoted = fault.value is None or repr(fault.value) in fault.reason
    value = "" if is_quoted else str(fault.value)
    if isinstance(fault, SaidFault):
        return Wrong(fault.reason, value=value)
    kind = "" if say.lang == ENGLISH else say.find(f"fault_{fault.code}", say("fault_invalid"))
    return Wrong(kind, fault.reason + (f": {fault.hint}" if fault.hint else ""), value)
