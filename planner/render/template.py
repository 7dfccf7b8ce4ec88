"""An empty batch file to be filled in: a workbook with headings, an example, lists, and explanations."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from planner.clock import from_minutes
from planner.model.services import MODES, ROAD
from planner.reading.batch_columns import BATCH_COLUMNS, MOMENT, NUMBER, Column
from planner.render.languages import CHINESE, ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from planner.model.places import Place
    from planner.model.problem import Network

SHEETS = {ENGLISH: ("batches", "columns", "lists"), CHINESE: ("批次", "列说明", "列表")}
"""Names of the sheets: the batches, what each column means, what may be chosen."""
ROWS = 20_000
"""So many rows have the drop-down lists: the most that a file of batches may have."""
_DAYS_TO_DUE = 60
_DAYS_BEFORE_END = 90
_FALLBACK_DAY = date(2027, 3, 1)
_MOST_PROMPT = 255
_HEADING_FILL = PatternFill("solid", fgColor="DDE6F0")
_REQUIRED_FILL = PatternFill("solid", fgColor="F6D9A8")


def template(network: Network, lang: str = ENGLISH) -> bytes:
    """Workbook of a batch file: one example row, which reads back without faults, and two sheets that help.

    Parameters
    ----------
    network
        Its places and vehicle types are what may be chosen.
    lang
        ``en``: the headings are the English ids; ``zh``: the Chinese ones. A second sheet explains each
        column in both languages.

    Raises
    ------
    ValueError
        If there is no such language, or if the network has too few places or no vehicle type for an example.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"{lang!r} is not one of {', '.join(LANGUAGES)}")
    book = Workbook()
    for name in SHEETS[lang][1:]:
        book.create_sheet(name)
    batches, columns, lists = book.worksheets
    batches.title = SHEETS[lang][0]
    _fill_lists(lists, network)
    _fill_columns(columns, lang)
    _fill_batches(batches, network, lang)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_batches(sheet: Worksheet, network: Network, lang: str) -> None:
    example = _example(network)
    for number, column in enumerate(BATCH_COLUMNS, start=1):
        letter = get_column_letter(number)
        heading = sheet.cell(1, number, column.id if lang == ENGLISH else column.zh)
        heading.font = Font(bold=True)
        heading.fill = _REQUIRED_FILL if column.is_required else _HEADING_FILL
        cell = sheet.cell(2, number, example.get(column.id, column.example) or None)
        # Text, so that ids stay as they are typed; only days may be what the spreadsheet makes of them.
        shape = {NUMBER: "General", MOMENT: "yyyy-mm-dd"}.get(column.kind, "@")
        cell.number_format = shape
        sheet.column_dimensions[letter].number_format = shape
        sheet.column_dimensions[letter].width = 18
        sheet.add_data_validation(_validation(column, letter, network, lang))
    sheet.freeze_panes = "B2"


def _validation(column: Column, letter: str, network: Network, lang: str) -> DataValidation:
    """Drop-down list of a column, or a plain prompt; other names than those of the list are let through."""
    choices = {
        "origin": _range(lang, "A", len(network.places)),
        "destination": _range(lang, "A", len(network.places)),
        "vehicle_type": _range(lang, "E", len(network.vehicle_types)),
        "split": '"yes,no,2,3"',
        "priority": '"0,1,2,3,4,5,6,7,8,9"',
    }.get(column.id)
    title = f"{column.id} {column.zh}"
    prompt = f"{column.about}\n{column.about_zh}"[:_MOST_PROMPT]
    return DataValidation(
        type=None if choices is None else "list",
        formula1=choices,
        allow_blank=True,
        showErrorMessage=choices is not None,
        errorStyle="warning",
        errorTitle=title,
        error="Not in the list; names and aliases are read, too. 不在列表中；名称和别名亦可。",
        showInputMessage=True,
        promptTitle=title[:32],
        prompt=prompt,
        sqref=f"{letter}2:{letter}{ROWS + 1}",
    )


def _range(lang: str, letter: str, rows: int) -> str:
    return f"'{SHEETS[lang][2]}'!${letter}$2:${letter}${rows + 1}"


def _fill_lists(sheet: Worksheet, network: Network) -> None:
    """Places and vehicle types: id, English name, Chinese name."""
    sheet.append(["place / 地点", "name", "名称", None, "type / 车辆", "name", "名称", None, "mode / 方式"])
    places = sorted(network.places.values(), key=lambda place: (place.kind != "plant", place.id))
    for row, place in enumerate(places, start=2):
        for number, text in enumerate((place.id, place.name, place.name_zh), start=1):
            sheet.cell(row, number).value = text or None
    types = sorted(network.vehicle_types.items())
    for row, (type_id, vehicle_type) in enumerate(types, start=2):
        for number, text in enumerate((type_id, vehicle_type.name, vehicle_type.name_zh), start=5):
            sheet.cell(row, number).value = text or None
    for row, mode in enumerate((*MODES, ROAD), start=2):
        sheet.cell(row, 9).value = mode
    for letter in "ABCEFGI":
        sheet.column_dimensions[letter].width = 26
    sheet.freeze_panes = "A2"


def _fill_columns(sheet: Worksheet, lang: str) -> None:
    """One line a column: its headings, whether it is needed, what stands in it, in both languages."""
    titles = ["heading", "中文标题", "needed / 必填", "what stands in it", "说明"]
    texts = [
        [column.id, column.zh, "yes / 是" if column.is_required else "", column.about, column.about_zh]
        for column in BATCH_COLUMNS
    ]
    order = (0, 1, 2, 3, 4) if lang == ENGLISH else (1, 0, 2, 4, 3)
    for line in (titles, *texts):
        sheet.append([line[position] or None for position in order])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (20, 16, 14, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _example(network: Network) -> dict[str, str | int | date]:
    """Cells of the example that hang on the network."""
    places = sorted(network.places.values(), key=lambda place: place.id)
    if len(places) < 2 or not network.vehicle_types:
        raise ValueError("an example needs two places and a vehicle type")
    origin = _first_of(places, "plant")
    destination = _first_of([place for place in places if place is not origin], "compound")
    ready = _FALLBACK_DAY
    if network.timetable_end_min is not None:
        end = from_minutes(network.timetable_end_min, origin.time_zone).date()
        ready = (end - timedelta(days=_DAYS_BEFORE_END)).replace(day=1)
    return {
        "origin": origin.id,
        "destination": destination.id,
        "vehicle_type": min(network.vehicle_types),
        "vehicles": 30,
        "priority": 0,
        "ready": datetime.combine(ready, datetime.min.time()),
        "due": datetime.combine(ready + timedelta(days=_DAYS_TO_DUE), datetime.min.time()),
    }


def _first_of(places: list[Place], kind: str) -> Place:
    return next((place for place in places if place.kind == kind), places[0])
