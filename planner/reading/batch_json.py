"""A JSON file of batches: a list of objects, or ``{"batches": [...]}``, with the columns as keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.errors import InputError, Issue
from planner.reading.batch_columns import (
    BATCH_COLUMNS,
    COLUMN_OF,
    COLUMNS,
    ERROR,
    NUMBER,
    PLACES,
    REQUIRED,
    WORDS,
)
from planner.reading.batch_row import RawRow
from planner.reading.cells import suggest
from planner.reading.codes import MISSING, TWICE, UNKNOWN, WRONG_TYPE, Fault
from planner.reading.intake_log import IntakeLog
from planner.reading.json_nodes import join, parse_json

LIST_KEY = "batches"
_COLUMN_OF_KEY = {key: column.id for column in BATCH_COLUMNS for key in (column.id, column.key)}
_LISTS = frozenset(column.id for column in BATCH_COLUMNS if column.kind in {PLACES, WORDS})
_MAY_BE_WHOLE = frozenset(column.id for column in BATCH_COLUMNS if column.kind == NUMBER) | {"split"}
_ENCLOSE = 'enclose it in quotes: "..."'


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list, and its JSON pointer."""

    pointer: str
    value: object


def read_items(log: IntakeLog, content: bytes) -> list[Item]:
    """Items of the list of batches.

    Raises
    ------
    InputError
        If the file is no such JSON: broken, NaN or a key twice in it, no list.
    """
    root = parse_json(content, log.file).value
    pointer = ""
    if isinstance(root, dict):
        strangers = [key for key in root if key != LIST_KEY]
        issues = [
            Issue(
                file=log.file,
                column=join("", key),
                reason="is not known here",
                hint=f'the batches stand in a list under "{LIST_KEY}"',
                code=UNKNOWN,
            )
            for key in strangers
        ]
        if LIST_KEY not in root:
            issues.append(
                Issue(
                    file=log.file,
                    column=join("", LIST_KEY),
                    reason="is missing",
                    hint="it is the list of batches",
                    code=MISSING,
                )
            )
        if issues:
            raise InputError(issues)
        root, pointer = root[LIST_KEY], join("", LIST_KEY)
    if not isinstance(root, list):
        raise InputError(
            [Issue(file=log.file, column=pointer or "/", reason="is not a list", code=WRONG_TYPE)]
        )
    return [Item(join(pointer, number), value) for number, value in enumerate(root)]


def raw_row(log: IntakeLog, item: Item) -> RawRow | None:
    """Make the row of an item; faults of its keys are noted, those of its values wait for the row."""
    if not isinstance(item.value, dict):
        log.refuse(
            None,
            item.pointer,
            "is not an object",
            "one object a batch",
            value=_shown(item.value),
            code=WRONG_TYPE,
        )
        return None
    texts: dict[str, str] = {}
    called: dict[str, str] = {}
    broken: dict[str, Fault] = {}
    for key, value in item.value.items():
        pointer = join(item.pointer, key)
        column = _COLUMN_OF_KEY.get(key)
        if key == ERROR:
            log.note(None, ERROR, "the faults of rejected items are not read")
        elif column is None:
            log.refuse(
                None, pointer, "is not known here", suggest(key, _COLUMN_OF_KEY), value=key, code=UNKNOWN
            )
        elif column in texts:
            log.refuse(
                None,
                pointer,
                f"is there twice, as {called[column]} too",
                "leave one out",
                value=key,
                code=TWICE,
            )
        else:
            called[column] = pointer
            texts[column], fault = _text_of(column, value)
            if fault is not None:
                broken[column] = fault
    for column in _missing(texts):
        log.refuse(None, join(item.pointer, column), "is missing", "add it", code=MISSING)
    return RawRow(line=None, where=item.pointer, texts=texts, called=called, broken=broken)


def _missing(texts: Mapping[str, str]) -> Iterator[str]:
    return (column for column in COLUMNS if column in REQUIRED and column not in texts)


def _text_of(column: str, value: object) -> tuple[str, Fault | None]:
    """What a cell would have for a value, or what is shown of it with reason and hint."""
    if value is None:
        return "", None
    if isinstance(value, str):
        return value, None
    # `type` and not `isinstance`: true is an int to Python, but no number to us.
    if type(value) is int and column in _MAY_BE_WHOLE:
        return str(value), None
    if isinstance(value, list) and column in _LISTS:
        if not all(isinstance(text, str) and text.strip() and ";" not in text for text in value):
            reason = "is not a list of texts, one item each"
            return _shown(value), Fault(reason, "no blank item, no `;` inside one", WRONG_TYPE)
        return ";".join(value), None
    return _shown(value), Fault(*_wrong_type(column, value), WRONG_TYPE)


def _wrong_type(column: str, value: object) -> tuple[str, str]:
    if isinstance(value, bool):
        return (
            "is true or false",
            'write "yes" or "no"' if column == "split" else "true and false are no value here",
        )
    if isinstance(value, int):
        return "is a number, not a text", _ENCLOSE
    if isinstance(value, dict | list):
        kind = "an object" if isinstance(value, dict) else "a list"
        wanted = "a text or a list of texts" if column in _LISTS else "a text"
        return f"is {kind}", f"write {wanted}"
    if COLUMN_OF[column].kind == NUMBER:
        return "is not a whole number", f"numbers with decimals or an exponent are texts; {_ENCLOSE}"
    return "is a number, not a text", _ENCLOSE


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
