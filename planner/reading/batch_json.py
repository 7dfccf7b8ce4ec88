"""A JSON file of batches: a list of objects, or ``{"batches": [...]}``, with the columns as keys."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from planner.errors import InputError, Issue
from planner.reading.batch_columns import (
    BATCH_COLUMNS,
    COLUMN_OF,
    ERROR,
    NUMBER,
    PLACES,
    REQUIRED,
    WORDS,
)
from planner.reading.batch_row import RawRow
from planner.reading.codes import MISSING, TOO_LARGE, TOO_LONG, TWICE, UNKNOWN, WRONG_TYPE, Fault
from planner.reading.hints import Hints
from planner.reading.intake_limits import IntakeLimits
from planner.reading.intake_log import IntakeLog
from planner.reading.json_nodes import join, parse_json

LIST_KEY = "batches"
ID_COLUMN = "batch_id"
COLUMN_OF_KEY: Mapping[str, str] = MappingProxyType(
    {key: column.id for column in BATCH_COLUMNS for key in (column.id, column.key)}
)
"""Column that a key of an item is of."""
_LISTS = frozenset(column.id for column in BATCH_COLUMNS if column.kind in {PLACES, WORDS})
_MAY_BE_WHOLE = frozenset(column.id for column in BATCH_COLUMNS if column.kind == NUMBER) | {"split"}
_ENCLOSE = 'enclose it in quotes: "..."'


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list, and its JSON pointer."""

    pointer: str
    value: object


def keys_with(id_key: str) -> Mapping[str, str]:
    """Column of each key where the id of a batch goes by another name than ``batchId``."""
    others = {
        key: column.id
        for column in BATCH_COLUMNS
        if column.id != ID_COLUMN
        for key in (column.key, column.id)
    }
    return MappingProxyType({id_key: ID_COLUMN, **others})


def list_items(values: Sequence[object], pointer: str) -> list[Item]:
    """Items of a list that stands at ``pointer``."""
    return [Item(join(pointer, number), value) for number, value in enumerate(values)]


def read_items(log: IntakeLog, content: bytes, limits: IntakeLimits) -> list[Item]:
    """Items of the list of batches.

    Raises
    ------
    InputError
        If the file is no such JSON: broken, NaN or a key twice in it, no list.
    """
    root = parse_json(content, log.file, limits.json_depth).value
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
    return list_items(root, pointer)


class ItemRows:
    """Makes rows of items; faults of their keys are noted, those of their values wait for the row.

    Parameters
    ----------
    keys
        Column of each key.
    optional
        Columns that need not be there, although a batch file has to have them.
    """

    def __init__(
        self,
        log: IntakeLog,
        limits: IntakeLimits,
        keys: Mapping[str, str] = COLUMN_OF_KEY,
        *,
        optional: Collection[str] = (),
    ) -> None:
        self._log, self._limits, self._keys, self._optional = log, limits, keys, optional
        self._hints = Hints()

    def raw_row(self, item: Item) -> RawRow | None:
        """Make the row of an item; ``None`` if it is none."""
        log, value, most = self._log, item.value, self._limits.columns
        if not isinstance(value, dict):
            what = "one object a batch"
            log.refuse(None, item.pointer, "is not an object", what, value=_shown(value), code=WRONG_TYPE)
            return None
        if len(value) > most:
            log.refuse(None, item.pointer, f"has more than {most} keys", code=TOO_LARGE)
            return None
        texts: dict[str, str] = {}
        called: dict[str, str] = {}
        broken: dict[str, Fault] = {}
        for key, found in value.items():
            pointer = join(item.pointer, key)
            column = self._keys.get(key)
            if key == ERROR:
                log.note(None, ERROR, "the faults of rejected items are not read")
            elif column is None:
                hint = self._hints.find("key", key, self._keys)
                log.refuse(None, pointer, "is not known here", hint, value=key, code=UNKNOWN)
            elif column in texts:
                reason = f"is there twice, as {called[column]} too"
                log.refuse(None, pointer, reason, "leave one out", value=key, code=TWICE)
            else:
                called[column] = pointer
                texts[column], fault = self._text_of(column, found)
                if fault is not None:
                    broken[column] = fault
        for column in REQUIRED:
            if column not in texts and column not in self._optional:
                key = next(key for key, known in self._keys.items() if known == column)
                log.refuse(None, join(item.pointer, key), "is missing", "add it", code=MISSING)
        return RawRow(line=None, where=item.pointer, texts=texts, called=called, broken=broken)

    def _text_of(self, column: str, value: object) -> tuple[str, Fault | None]:
        """What a cell would have for a value, or what is shown of it and what is wrong."""
        text, fault = _text_of(column, value)
        most = self._limits.field_characters
        if fault is None and len(text) > most and len(text.strip()) > most:
            return text, Fault(f"is longer than {most} characters", code=TOO_LONG)
        return text, fault


def _text_of(column: str, value: object) -> tuple[str, Fault | None]:
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
