"""What forms of plans and comparisons have in common: the terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.model.problem import BLEND
from planner.reading.codes import CONTRADICTION
from service.plans import service
from service.plans.terms import TermsAsked
from service.problems import Fault, Problem
from service.web.wrong import SaidFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.comparisons.terms import ComparisonAsked
    from service.plans.schemas import PlanAsked
    from service.web.forms import FormReader
    from service.web.languages import Speech

OBJECTIVES = ("cost", "time", "co2e", "blend")
CURRENCIES = ("USD", "EUR", "CNY")
TIMES = ("low", "typical", "high")
SWITCHES = ("close", "price", "capacity")
FIELDS = {f"whatIf/{name}": name for name in SWITCHES}
"""Fields whose names differ from the pointers of faults."""
DEFAULTS = {
    name: TermsAsked.model_fields[name].default
    for name in ("objective", "currency", "carrying_rate", "times", "seed")
}


def read_terms_fields(read: FormReader, lang: str) -> dict[str, Any]:
    """Terms as the API takes them; what is blank is left to its default."""
    texts = {
        name: read.text(name)
        for name in (
            *("objective", "currency", "carryingRate", "unplannedPrice", "dayValue", "carbonPrice", "times"),
            *("today", "ratesDate", "networkId", "externalRef"),
        )
    }
    given: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
    for name in ("seed", "timeLimitS"):
        number = read.number(name)
        if number is not None:
            given[name] = number
    return {
        **given,
        "batchSetId": read.text("batchSetId") or "",
        "whatIf": {name: read.lines(name) for name in SWITCHES},
        "language": lang,
    }


def texts_of(asked: Mapping[str, Any]) -> dict[str, str]:
    """What a form says that asks for the same; its reference is taken by what was asked for before."""
    given = {name: str(value) for name, value in asked.items() if isinstance(value, str | int)}
    lines = {name: "\n".join(asked["whatIf"][name]) for name in SWITCHES}
    return {**given, **lines, "externalRef": ""}


def check_terms(
    say: Speech,
    asked: PlanAsked | ComparisonAsked,
    most_s: int,
    freeze_before: str | None = None,
    *,
    keeps: bool = False,
) -> None:
    """Refuse terms that can't be read, and a time limit above that of the service.

    Raises
    ------
    Problem
        422 with every fault.
    """
    faults: list[Fault] = []
    try:
        service.check_terms(asked, freeze_before, keeps=keeps)
    except Problem as problem:
        faults += (_in_words(say, fault) for fault in problem.errors)
    if asked.time_limit_s is not None and asked.time_limit_s > most_s:
        reason = say("typed_less_than_equal", le=most_s)
        faults.append(SaidFault(pointer="/timeLimitS", value=str(asked.time_limit_s), reason=reason))
    if faults:
        raise Problem("invalid", errors=faults)


def _in_words(say: Speech, fault: Fault) -> Fault:
    """A fault in the words of the page where it speaks of options of the command line, or of a day."""
    if fault.pointer == "/objective":
        word = "blend_needs_price" if fault.value == BLEND else "price_without_blend"
        return SaidFault(pointer=fault.pointer, reason=say(word))
    if fault.pointer == "/freezeBefore":
        word = "moment_needs_plan" if fault.code == CONTRADICTION else "no_moment"
        return SaidFault(pointer=fault.pointer, value=fault.value, reason=say(word))
    return fault
