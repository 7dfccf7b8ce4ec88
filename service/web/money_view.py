"""What is paid for, what is emitted, what it all rests on; and how the plan came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from service.web.figures import NONE, money, percent, tonnes
from service.web.tables import Cell, Head, Table, figure

if TYPE_CHECKING:
    from service.web.languages import Speech

GROUNDS = ("sourced", "derived", "estimated")


def money_tables(say: Speech, shown: Mapping[str, Any]) -> list[Table]:
    """Money by kind and mode, mass by mode, duties."""
    parts, head, currency = shown["money"], shown["headline"], shown["currency"]
    heads = [Head(""), figure(say("in_currency", currency=currency)), figure(say("share"))]
    cents = head["cents"]
    kinds = _falling({kind: amount for kind, amount in parts["centsByKind"].items() if amount})
    found = [
        Table(
            heads,
            [[say(f"kind_{kind}"), money(amount), percent(amount, cents)] for kind, amount in kinds],
            say("paid_for"),
            [say("total"), money(cents), ""],
        ),
        Table(
            heads,
            [
                [
                    Cell(say(one["mode"]), mode=one["mode"]),
                    money(one["cents"]),
                    percent(one["cents"], cents),
                ]
                for one in head["modes"]
            ],
            say("by_main_mode"),
            [say("total"), money(cents), ""],
        ),
    ]
    if parts["gramsByMode"]:
        grams = head["grams"]
        found.append(
            Table(
                [Head(""), figure(say("tonnes_word")), figure(say("share"))],
                [
                    [Cell(say(mode), mode=mode), tonnes(amount), percent(amount, grams)]
                    for mode, amount in _falling(parts["gramsByMode"])
                ],
                say("emissions_by_mode"),
                [say("total"), tonnes(grams), ""],
            )
        )
    duties = parts["dutyCents"]
    if duties:
        total = sum(duties.values())
        found.append(
            Table(
                heads,
                [
                    [say.find(f"duty_{name}", name), money(amount), percent(amount, total)]
                    for name, amount in duties.items()
                ],
                say("duties"),
                [say("total"), money(total), ""],
            )
        )
    return found


def grounds_texts(say: Speech, shown: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What money and times rest on: of what, in which shares, and the weakest of it."""
    grounds = shown["money"]["grounds"]
    found = []
    for what, amounts, weakest in (
        ("prices", grounds["cents"], grounds["weakestPrice"]),
        ("times", grounds["vehicleMinutes"], grounds["weakestTime"]),
    ):
        if weakest is None:
            continue
        total = sum(amounts[ground] for ground in GROUNDS)
        shares = " · ".join(
            f"{say(f'ground_{ground}')} {percent(amounts[ground], total)}" for ground in GROUNDS
        )
        parts = [say(f"ground_{weakest['ground']}")]
        if weakest["grade"]:
            parts.append(say("grade", grade=weakest["grade"]))
        told = say("comma").join([*parts, weakest["what"]])
        found.append((say(what), shares, f"{say('weakest')}{say('colon')}{told}"))
    return found


def record_lists(say: Speech, shown: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of the run record, each with its names and values."""
    record = shown["record"]
    groups = {
        "hashes": {"plan": record["planSha256"], **record["inputs"]},
        **{name: record[name] for name in ("terms", "options", "versions", "seconds", "counts")},
    }
    return [(say(name), list(_flat("", group))) for name, group in groups.items()]


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _flat(f"{name}.{key}" if name else key, child)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _flat(f"{name}.{number}", child)
    else:
        yield name, NONE if value is None or value == "" else str(value)


def _falling(amounts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(amounts.items(), key=lambda item: -item[1])
