"""The columns of a batch file: ids, Chinese headings, what stands in them; for reader and template alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ID, TEXT, PLACE, PLACES, WORD, WORDS, NUMBER, MOMENT = (
    *("id", "text", "place", "places", "word", "words", "number", "moment"),
)
"""Kinds of cells: they differ in which differences of writing are harmless."""
ERROR = "error"
"""Column of a file of rejected rows: what was wrong with them. It is not read."""
_MOST_OF_A_HEADING = 100
_FILLERS = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a batch file.

    Parameters
    ----------
    id
        English heading, and key in a JSON file.
    zh
        Chinese heading.
    others
        Further Chinese headings in use.
    is_required
        Whether the column must be there.
    about, about_zh
        What stands in it, in one sentence.
    example
        A value that is right in any network; empty where it hangs on the network.
    """

    id: str
    kind: str
    zh: str
    others: tuple[str, ...] = ()
    is_required: bool = False
    about: str
    about_zh: str
    example: str = ""

    @property
    def key(self) -> str:
        """The id in camel case, for JSON files: ``batchId``."""
        first, *rest = self.id.split("_")
        return first + "".join(word.capitalize() for word in rest)


BATCH_COLUMNS = (
    Column(
        id="batch_id",
        kind=ID,
        zh="批次号",
        others=("批次编号", "批次", "批号"),
        is_required=True,
        about="Name of the batch, up to 64 characters; each batch has its own.",
        about_zh="批次的名称，最多64个字符，不得重复。",
        example="EXAMPLE-1",
    ),
    Column(
        id="shipper",
        kind=TEXT,
        zh="托运人",
        others=("发货人", "货主"),
        is_required=True,
        about="Who hands the vehicles over; the cell may be blank.",
        about_zh="交付车辆的一方；可留空。",
        example="Maker",
    ),
    Column(
        id="origin",
        kind=PLACE,
        zh="始发地",
        others=("起运地", "发运地", "发货地", "起点"),
        is_required=True,
        about="Place where the vehicles are ready: id, name or other name of the network.",
        about_zh="车辆可发的地点：网络中的编号、名称或别名。",
    ),
    Column(
        id="destination",
        kind=PLACE,
        zh="目的地",
        others=("到达地", "交货地", "终点"),
        is_required=True,
        about="Place where they are delivered: id, name or other name.",
        about_zh="交付地点：编号、名称或别名。",
    ),
    Column(
        id="vehicle_type",
        kind=WORD,
        zh="车型",
        others=("车辆类型", "车辆型号"),
        is_required=True,
        about="Id of a vehicle type of the network.",
        about_zh="网络中的车型编号。",
    ),
    Column(
        id="vehicles",
        kind=NUMBER,
        zh="数量",
        others=("台数", "辆数", "车辆数", "车辆数量", "数量(台)", "数量(辆)"),
        is_required=True,
        about="Number of vehicles, a whole number from 1 to 1000000.",
        about_zh="车辆数量，1至1000000的整数。",
        example="30",
    ),
    Column(
        id="ready",
        kind=MOMENT,
        zh="就绪日期",
        others=("就绪时间", "可发日期", "可发时间", "备妥日期"),
        is_required=True,
        about="First day or time at the origin, on its clock: 2027-03-04 or 2027-03-04T08:30. "
        "A day begins at 00:00.",
        about_zh="始发地当地的最早可发日期或时间：2027-03-04 或 2027-03-04T08:30。仅写日期表示当日00:00。",
    ),
    Column(
        id="due",
        kind=MOMENT,
        zh="交付期限",
        others=("交付日期", "最晚交付", "最迟交付", "到货期限", "截止日期"),
        is_required=True,
        about="Last day or time of delivery, on the clock of the destination. A day ends at 24:00.",
        about_zh="目的地当地的最晚交付日期或时间。仅写日期表示当日24:00。",
    ),
    Column(
        id="early_price",
        kind=NUMBER,
        zh="提前费",
        others=("早到费", "提前交付费"),
        about="Price of a vehicle and day before due, in the reporting currency; blank = 0.",
        about_zh="每辆每天提前交付的费用（报告币种）；空白为0。",
    ),
    Column(
        id="late_price",
        kind=NUMBER,
        zh="延误费",
        others=("迟到费", "延迟费", "逾期费"),
        about="Price of a vehicle and day after due; blank = never late.",
        about_zh="每辆每天延误的费用；空白表示不允许迟到。",
    ),
    Column(
        id="unplanned_price",
        kind=NUMBER,
        zh="未安排费",
        others=("未安排罚值", "未安排费用"),
        about="What leaving out one vehicle counts; blank = by priority.",
        about_zh="每辆未安排车辆的罚值；空白则按优先级计算。",
    ),
    Column(
        id="priority",
        kind=NUMBER,
        zh="优先级",
        about="0 to 9; 9 is left out last. Blank = 0.",
        about_zh="0至9；9最后被放弃。空白为0。",
        example="0",
    ),
    Column(
        id="split",
        kind=WORD,
        zh="拆分",
        others=("可否拆分", "是否拆分", "是否可拆分", "允许拆分"),
        about="yes: any number of parts. no: one part, and all vehicles or none. A number: the most parts. "
        "Blank = yes.",
        about_zh="是：可任意拆分。否：整批运输或全部不运。数字：最多分批数。空白为是。",
        example="yes",
    ),
    Column(
        id="min_part",
        kind=NUMBER,
        zh="最小分批",
        others=("最小分批量", "最小分批数量"),
        about="Least vehicles of a part; blank = 1.",
        about_zh="每个分批的最少车辆数；空白为1。",
    ),
    Column(
        id="modes",
        kind=WORDS,
        zh="运输方式",
        others=("允许运输方式", "允许方式"),
        about="Modes its services may have, separated by ; : rail, barge, roro, container_ship, truck, air, "
        "other. Blank = any.",
        about_zh="允许的主运方式，以;分隔：铁路、驳船、滚装、集装箱船、卡车、航空、其他。空白为不限。",
    ),
    Column(
        id="not_modes",
        kind=WORDS,
        zh="禁用运输方式",
        others=("禁用方式", "禁止运输方式"),
        about="Modes it never rides; here road stands for road legs.",
        about_zh="禁止的运输方式；此处“公路”指公路段。",
    ),
    Column(
        id="via",
        kind=PLACES,
        zh="途经",
        others=("途经地", "必经", "必经地"),
        about="Up to three places it has to meet, in any order, separated by ; .",
        about_zh="必须经过的地点，最多三个，不分先后，以;分隔。",
    ),
    Column(
        id="not_via",
        kind=PLACES,
        zh="禁经",
        others=("禁止途经", "避开"),
        about="Places, countries (two letters) and services it never meets, separated by ; .",
        about_zh="禁止经过的地点、国家（两位代码）或班列/航线，以;分隔。",
    ),
    Column(
        id="value_per_vehicle",
        kind=NUMBER,
        zh="单车货值",
        others=("单台货值", "货值"),
        about="Cargo value of one vehicle; blank = that of the type.",
        about_zh="每辆车的货值；空白则取车型的货值。",
    ),
    Column(
        id="reference",
        kind=TEXT,
        zh="参考号",
        others=("参考编号", "客户参考号"),
        about="Any text up to 200 characters; it is given back with the plan.",
        about_zh="任意文字，最多200个字符，随计划返回。",
    ),
)
COLUMN_OF = {column.id: column for column in BATCH_COLUMNS}
COLUMNS = tuple(COLUMN_OF)
REQUIRED = tuple(column.id for column in BATCH_COLUMNS if column.is_required)
"""Columns that must be there; of their cells only that of ``shipper`` may be blank."""


def find_column(heading: str) -> str | None:
    """Id of the column that a heading names; case, blanks, ``_`` and width do not count."""
    return _COLUMN_BY_HEADING.get(_folded(heading)) if len(heading) <= _MOST_OF_A_HEADING else None


def is_exact(heading: str) -> bool:
    """Whether a heading is written just as the list has it."""
    return heading in _EXACT


def is_header(cells: tuple[str, ...]) -> bool:
    """Whether a line looks like the header of batches: three of its cells are headings."""
    return len({find_column(cell) for cell in cells} - {None, ERROR}) >= 3


def _folded(heading: str) -> str:
    return _FILLERS.sub("", unicodedata.normalize("NFKC", heading)).casefold()


_EXACT = frozenset(
    {ERROR, *(name for column in BATCH_COLUMNS for name in (column.id, column.zh, *column.others))}
)
_COLUMN_BY_HEADING = {
    _folded(ERROR): ERROR,
    **{
        _folded(name): column.id
        for column in BATCH_COLUMNS
        for name in (column.id, column.zh, *column.others)
    },
}
