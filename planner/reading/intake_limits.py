"""How much a file may hold: what no month of batches comes near, and no machine is brought down by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLimits:
    """Bounds of a file of batches or of a network; beyond one of them it is refused, and the fault names it.

    Parameters
    ----------
    file_bytes
        Of the file as it comes.
    batches
        A plan takes no more.
    rows
        Lines of a table, those without content too.
    columns
        Columns of a table, keys of an item in JSON.
    field_characters
        Of one cell, without the blanks around it.
    list_items
        Items of one cell that holds a list.
    json_depth
        Objects and lists inside each other.
    members, unpacked_bytes, ratio
        Of a workbook: its parts, their bytes in all, and how many times its own size that may be.
    cells
        Filled cells of a sheet.
    departures
        Of the services of a network, in a year.
    """

    file_bytes: int = 50_000_000
    batches: int = 20_000
    rows: int = 200_000
    columns: int = 200
    field_characters: int = 10_000
    list_items: int = 100
    json_depth: int = 64
    members: int = 1_000
    unpacked_bytes: int = 200_000_000
    ratio: int = 200
    cells: int = 10_000_000
    departures: int = 500_000


DEFAULT_LIMITS = IntakeLimits()
