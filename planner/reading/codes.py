"""Kinds of faults of a file, for machines: the sentence beside a code may change, the code does not."""

from __future__ import annotations

from typing import NamedTuple

from planner.errors import INVALID

BLANK = "blank"
"""A cell that has to be filled is not."""
MISSING = "missing"
"""A column, key or table that has to be there is not."""
UNKNOWN = "unknown"
"""A heading, key or file name that means nothing here."""
TWICE = "twice"
"""Something that may be there once is there twice."""
DUPLICATE = "duplicate"
"""An id or row that another row has already."""
NOT_A_NUMBER = "not_a_number"
NOT_A_TIME = "not_a_time"
"""No day or time, or one that the calendar or the clock of the place does not have."""
NOT_A_CHOICE = "not_a_choice"
"""Not one of the words that the column takes."""
NOT_A_LIST = "not_a_list"
NOT_IN_NETWORK = "not_in_network"
"""No place, vehicle type, service or country of the network."""
AMBIGUOUS = "ambiguous"
"""Several things could be meant."""
OUT_OF_RANGE = "out_of_range"
TOO_LONG = "too_long"
"""A text, number or list that is too long."""
CHARACTER = "character"
"""A character that is invisible, or looks like another."""
CONTRADICTION = "contradiction"
"""Two cells of the row, or the row and the timetable, can't both hold."""
WRONG_TYPE = "wrong_type"
"""A value of JSON that is of another type than the column takes."""
SPREADSHEET = "spreadsheet"
"""A formula, an error, or what else a spreadsheet makes of a cell."""
LAYOUT = "layout"
"""Header, separators or the number of cells: the table does not stand as it should."""
NO_BATCH = "no_batch"
"""A line that is none: a total, or hidden."""
EMPTY = "empty"
"""Nothing to be read."""
UNREADABLE = "unreadable"
"""Another kind of file, another encoding, damaged, or locked."""
TOO_LARGE = "too_large"
"""More than one of the limits allows."""
NOT_OBEYED = "not_obeyed"
"""What the planner does not obey yet."""


class Fault(NamedTuple):
    """What is wrong with a cell: a sentence, what to do (may be empty), and the kind of fault."""

    reason: str
    hint: str = ""
    code: str = INVALID
