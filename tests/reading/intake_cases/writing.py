"""Encodings, headings, separators, lines: how a file is written."""

from __future__ import annotations

from tests.reading.intake_cases.makers import (
    BATCH_300,
    CHINESE,
    HEADER,
    OTHER_ROW,
    ROW,
    Refused,
    Taken,
    lines,
    plain,
    text,
)

WRITING = [
    ("plain", text(), Taken(BATCH_300)),
    ("byte order mark", b"\xef\xbb\xbf" + text(reference="r"), Taken(BATCH_300, ("byte order mark",))),
    ("Chinese headings", lines(CHINESE, ROW).encode(), Taken(BATCH_300)),
    ("Chinese headings in GBK", lines(CHINESE, ROW).encode("gbk"), Taken(BATCH_300, ("read as GB18030",))),
    (
        "rare characters of GB18030 under Chinese headings",
        lines(CHINESE, ["B-1", "㐂𠀀", *ROW[2:]]).encode("gb18030"),
        Taken({"shipper": "㐂𠀀"}, ("read as GB18030",)),
    ),
    (
        "everyday Chinese in GBK under English headings",
        text(shipper="比亚迪", origin="大工厂").decode().encode("gbk"),
        Taken({"shipper": "比亚迪", "origin": "CN-PLANT"}, ("read as GB18030",)),
    ),
    (
        "Western accents",
        text(shipper="Köln").decode().encode("cp1252"),
        Refused(2, None, "not UTF-8", "UTF-8"),
    ),
    ("Shift-JIS", text(shipper="トヨタ").decode().encode("shift_jis"), Refused(2, None, "not UTF-8")),
    ("Big5", text(shipper="廠商很多").decode().encode("big5"), Refused(2, None, "not UTF-8")),
    (
        "two encodings",
        lines(HEADER, [*ROW[:1], "车", *ROW[2:]]).encode() + lines(["B-2", "比亚迪", *ROW[2:]]).encode("gbk"),
        Refused(3, None, "two encodings"),
    ),
    ("UTF-16 without a mark", text().decode().encode("utf-16-le"), Refused(None, None, "UTF-16")),
    ("UTF-16 with a mark", text().decode().encode("utf-16"), Refused(None, None, "UTF-16")),
    (
        "headings with blanks, capitals, hyphens",
        lines(
            ["Batch ID", "SHIPPER", "Origin", "destination", "Vehicle-Type", "vehicles", "ready", "due"], ROW
        ).encode(),
        Taken(BATCH_300, ("the heading is read as batch_id", "read as vehicle_type")),
    ),
    (
        "headings in full width",
        lines(["ｂａｔｃｈ＿ｉｄ", *HEADER[1:5], "数量（台）", *HEADER[6:]], ROW).encode(),
        Taken(BATCH_300, ("read as batch_id", "read as vehicles")),
    ),
    (
        "one column in two languages",
        lines([*HEADER, "数量"], [*ROW, "5"]).encode(),
        Refused(1, "数量", "there twice, as vehicles too", "leave one out"),
    ),
    (
        "a Chinese heading that is none",
        text(颜色="x"),
        Refused(1, "颜色", "no column of batches", "batch_id"),
    ),
    (
        "a fault under a Chinese heading",
        lines(CHINESE, [*ROW[:5], "0", *ROW[6:]]).encode(),
        Refused(2, "数量", "below 1"),
    ),
    (
        "a missing Chinese heading",
        lines(CHINESE[:7], ROW[:7]).encode(),
        Refused(1, "due", "missing", "交付期限"),
    ),
    ("a column of faults", text(error="old"), Taken(BATCH_300, ("column of faults is not read",))),
    (
        "full-width digits, letters, marks",
        text(batch_id="Ｂ－１", vehicles="３００", ready="２０２７－０３－０４", vehicle_type="ＳＵＶ"),
        Taken(BATCH_300, ("column batch_id", "column vehicles", "column ready", "column vehicle_type")),
    ),
    (
        "full-width punctuation in free text",
        text(shipper="比亚迪（深圳）"),
        Taken({"shipper": "比亚迪（深圳）"}),
    ),
    ("ideographic blanks", text(origin="\u3000CN-PLANT\u3000"), Taken({"origin": "CN-PLANT"}, ("blanks",))),
    ("no-break blanks", text(vehicles="\u00a0300"), Taken({"vehicles": 300}, ("blanks",))),
    ("accents apart", text(destination="Ko\u0308ln"), Taken({"destination": "DE-YARD"}, ("accents",))),
    ("lines without content", plain([], ROW, [""] * 8), Taken(BATCH_300, ("lines without content",))),
    (
        "columns without heading",
        lines([*HEADER, "", ""], [*ROW, "", ""]).encode(),
        Taken(BATCH_300, ("columns without heading and content are left out: 2",)),
    ),
    ("carriage returns only", text(reference="cr").replace(b"\n", b"\r"), Taken(BATCH_300)),
    ("sep=,", b"sep=,\n" + text(), Taken(BATCH_300, ("sep=,",))),
    ("sep=, and nothing else", b"sep=,\n\n", Refused(None, None, "no header and no batch")),
    (
        "sep=;",
        b"sep=;\n" + lines(HEADER, ROW, mark=";").encode(),
        Refused(1, None, "not separated by commas"),
    ),
    ("semicolons", lines(HEADER, ROW, mark=";").encode(), Refused(1, None, "single cell", "semicolons")),
    ("tabs", lines(HEADER, ROW, mark="\t").encode(), Refused(1, None, "single cell", "tabs")),
    (
        "full-width commas",
        lines(HEADER, ROW).replace(",", "，").encode(),
        Refused(1, None, "single cell", "full-width"),
    ),
    (
        "a line with semicolons",
        plain(ROW) + lines(OTHER_ROW, mark=";").encode(),
        Refused(3, None, "1 cells, the header 8", "never by ;"),
    ),
    (
        "title lines",
        b"Batches of March\n,,\n" + text(),
        Refused(1, None, "the header is line 3", "delete the lines above"),
    ),
    (
        "a line of totals",
        plain(ROW, ["total", "", "", "", "", "300", "", ""]),
        Refused(3, None, "totals", "delete it"),
    ),
    ("合计", plain(ROW, ["合计：", "", "", "", "", "300", "", ""]), Refused(3, None, "totals", "delete it")),
    ("a sum without a word", plain(ROW, ["", "", "", "", "", "300", "", ""]), Refused(3, None, "totals")),
    (
        "too many columns",
        lines([*HEADER, *(f"c{at}" for at in range(193))], ROW).encode(),
        Refused(1, None, "more than 200 columns"),
    ),
    (
        "as many columns as there may be",
        lines([*HEADER, *[""] * 192], [*ROW, *[""] * 192]).encode(),
        Taken(BATCH_300),
    ),
    ("a cell too long", text(origin="x" * 10_001), Refused(2, "origin", "longer than 10000")),
    ("a long cell that is no place", text(origin="x" * 10_000), Refused(2, "origin", "no place")),
]
