"""A folder of network tables to a :class:`~planner.model.problem.Network`, or all its faults at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from planner.errors import InputError, Issue
from planner.model.problem import Network
from planner.reading.calendar_rules import check_calendars
from planner.reading.cells import suggest
from planner.reading.codes import EMPTY, MISSING, UNKNOWN, UNREADABLE
from planner.reading.duty_rules import check_duties
from planner.reading.emission_rules import check_emissions
from planner.reading.limit_rules import check_limits
from planner.reading.network import build_network
from planner.reading.price_rules import check_prices
from planner.reading.rates import check_rates
from planner.reading.rows import read_rows
from planner.reading.schema import DESCRIPTION_FILE, describe_tables, shipped_folder
from planner.reading.service_rules import check_services

SUFFIX = ".csv"


def read_network(
    folder: Path | str | None = None,
    currency: str = "USD",
    rates_date: date | None = None,
    *,
    overlays: Sequence[Path | str] = (),
) -> Network:
    """Network of the tables of a folder, all prices in one currency.

    Parameters
    ----------
    folder
        Folder with the tables that ``network_data/tables.csv`` describes; ``None`` = the shipped one.
        Files that are not CSV are nobody's business, a CSV file of another name is a fault.
    currency
        Reporting currency; needs a rate in the table ``fx``.
    rates_date
        Of each currency the last rate on or before this day counts; ``None`` = the newest.
    overlays
        Folders with some of these tables, laid over it one after the other: their rows take the place of the
        rows that are the same in the columns marked ``overlay`` in the description, and else are added.

    Raises
    ------
    InputError
        With every fault of every table.
    """
    place = shipped_folder() if folder is None else Path(folder)
    contents, strangers = _read_files(place, str(folder))
    above = []
    for overlay in overlays:
        laid, strange = _read_files(Path(overlay), str(overlay))
        if not laid and not strange:
            reason = "there is no table of a network in the folder"
            raise InputError([Issue(file=str(overlay), reason=reason, code=EMPTY)])
        strangers += [replace(issue, file=f"{overlay}/{issue.file}") for issue in strange]
        above.append((str(overlay), laid))
    tables = read_rows(contents, above)
    for issue in strangers:
        tables.refuse_file(issue)
    check_services(tables)
    check_calendars(tables)
    check_prices(tables)
    check_limits(tables)
    check_emissions(tables)
    check_duties(tables)
    check_rates(tables, currency, rates_date)
    if tables.issues:
        raise InputError(_sorted_by_place(tables.issues))
    layers = {
        f"overlay {number}: {name}": laid[name] for number, (_, laid) in enumerate(above) for name in laid
    }
    return build_network(tables, currency, rates_date, digest_of({**contents, **layers}))


def digest_of(contents: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes of the tables, sorted by name, hexadecimal."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        # The length keeps bytes from moving between two files unnoticed.
        digest.update(f"{name} {len(contents[name])}\n".encode())
        digest.update(contents[name])
    return digest.hexdigest()


def _read_files(folder: Traversable, name: str) -> tuple[dict[str, bytes], list[Issue]]:
    """Bytes of the tables by name, and a fault for every other CSV file."""
    if not folder.is_dir():
        raise InputError([Issue(file=name, reason="there is no such folder", code=MISSING)])
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
                raise InputError([Issue(file=file.name, reason=reason, code=UNREADABLE)]) from error
        elif file.name.casefold().endswith(SUFFIX):
            reason = "the file is no table of a network"
            strangers.append(
                Issue(file=file.name, reason=reason, hint=suggest(file.name, known), code=UNKNOWN)
            )
    return contents, strangers


def _sorted_by_place(issues: Iterable[Issue]) -> list[Issue]:
    """Faults in the order of the tables and their lines; of one line as they were found."""
    order = {table.file: position for position, table in enumerate(describe_tables().values())}

    def place(issue: Issue) -> tuple[int, str, int]:
        folder, _, file = issue.file.rpartition("/")
        return order.get(file, len(order)), folder, issue.row or 0

    return sorted(issues, key=place)
