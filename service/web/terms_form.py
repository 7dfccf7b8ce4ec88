"""What forms of plans and comparisons have in common: the terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.plans.terms import TermsAsked

if TYPE_CHECKING:
    from service.web.forms import FormReader

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
