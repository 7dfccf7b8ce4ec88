"""A folder of network tables to a :class:`~planner.model.problem.Network`, or all its faults at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from planner.errors import InputError, Issue
from planner.model.problem import Network
from planner.reading.cells import CellError, parse_currency, suggest
from planner.reading.network import build_network
from planner.reading.price_rules import check_prices
from planner.reading.rows import Tables, read_rows
from planner.reading.schema import DESCRIPTION_FILE, describe_tables, shipped_folder
from planner.reading.service_rules import check_services

SUFFIX = ".csv"


def read_network(folder: Path | None = None, currency: str = "USD") -> Network:
    """Network of the tables of a folder, all prices in one currency.

    Parameters
    ----------
    folder
        Folder with the tables that ``network_data/tables.csv`` describes; ``None`` = the shipped one.
        Files that are not CSV are nobody's business, a CSV file of another name is a fault.
    currency
        Reporting currency; needs a rate in the table ``fx``.

    Raises
    ------
    InputError
        With every fault of every table.
    """
    place = shipped_folder() if folder is None else folder
    if not place.is_dir():
        raise InputError([Issue(file=str(folder), reason="there is no such folder")])
    contents, strangers = _read_files(place)
    tables = read_rows(contents)
    for issue in strangers:
        tables.refuse_file(issue)
    check_services(tables)
    check_prices(tables)
    _check_reporting_currency(tables, currency)
    if tables.issues:
        raise InputError(_sorted_by_place(tables.issues))
    return build_network(tables, currency, digest_of(contents))


def digest_of(contents: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes of the tables, sorted by name, hexadecimal."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        # The length keeps bytes from moving between two files unnoticed.
        digest.update(f"{name} {len(contents[name])}\n".encode())
        digest.update(contents[name])
    return digest.hexdigest()


def _read_files(folder: Traversable) -> tuple[dict[str, bytes], list[Issue]]:
    """Bytes of the tables by name, and a fault for every other CSV file."""
    known = {table.file: table.name for table in describe_tables().values()}
    contents: dict[str, bytes] = {}
    strangers: list[Issue] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.is_file() or file.name == DESCRIPTION_FILE:
            continue
        if file.name in known:
            try:
                contents[known[file.name]] = file.read_bytes()
            except OSError as error:
                reason = f"the file can't be read: {error.strerror}"
                raise InputError([Issue(file=file.name, reason=reason)]) from error
        elif file.name.casefold().endswith(SUFFIX):
            reason = "the file is no table of a network"
            strangers.append(Issue(file=file.name, reason=reason, hint=suggest(file.name, known)))
    return contents, strangers


def _check_reporting_currency(tables: Tables, currency: str) -> None:
    try:
        parse_currency(currency)
    except CellError as error:
        tables.refuse_file(Issue(file="fx.csv", value=currency, reason=error.reason, hint=error.hint))
        return
    known = {row.texts.get("currency", "") for row in tables.rows["fx"]}
    if "fx" not in tables.unread and currency not in known:
        reason = "there is no rate for the reporting currency"
        issue = Issue(
            file="fx.csv", column="currency", value=currency, reason=reason, hint=suggest(currency, known)
        )
        tables.refuse_file(issue)


def _sorted_by_place(issues: Iterable[Issue]) -> list[Issue]:
    """Faults in the order of the tables and their lines; of one line as they were found."""
    order = {table.file: position for position, table in enumerate(describe_tables().values())}
    return sorted(issues, key=lambda issue: (order.get(issue.file, len(order)), issue.row or 0))
