"""Batches in JSON."""

from __future__ import annotations

from tests.reading.intake_cases.makers import BATCH_300, GOOD, Refused, Taken, item, js

DOCUMENTS = [
    ("JSON list", js([item()]), Taken(BATCH_300)),
    ("JSON object", js({"batches": [item()]}), Taken(BATCH_300)),
    ("JSON texts", js([GOOD]), Taken(BATCH_300)),
    (
        "JSON in camel case",
        js([{"batchId": "B-1", "vehicleType": "SUV", **{key: GOOD[key] for key in GOOD if "_" not in key}}]),
        Taken(BATCH_300),
    ),
    (
        "JSON lists",
        js([item(via=["PL-HUB", "Gate"], notModes=["road"])]),
        Taken({"via": ("PL-HUB", "RU-GATE"), "not_modes": ("road",)}),
    ),
    ("JSON null", js([item(shipper=None, latePrice=None)]), Taken({"shipper": "", "late_price": None})),
    ("JSON split", js([item(split=2)]), Taken({"max_parts": 2})),
    ("JSON price as text", js([item(early_price="0.5")]), Taken({"early_price": 50})),
    ("JSON with faults given back", js([item(error="old")]), Taken(BATCH_300, ("faults of rejected items",))),
    ("JSON with a mark", b"\xef\xbb\xbf" + js([item(reference="r")]), Taken({"reference": "r"})),
    (
        "JSON fraction",
        js([item(early_price=0.5)]),
        Refused(None, "/0/early_price", "not a whole number", "texts"),
    ),
    ("JSON truth value", js([item(vehicles=True)]), Refused(None, "/0/vehicles", "true or false")),
    ("JSON split truth value", js([item(split=False)]), Refused(None, "/0/split", "true or false", '"no"')),
    (
        "JSON number as text",
        js([item(batch_id=7)]),
        Refused(None, "/0/batch_id", "a number, not a text", "quotes"),
    ),
    (
        "JSON object as value",
        js({"batches": [item(origin={})]}),
        Refused(None, "/batches/0/origin", "an object"),
    ),
    ("JSON list as value", js([item(origin=["CN-PLANT"])]), Refused(None, "/0/origin", "a list")),
    ("JSON list with a number", js([item(via=[1])]), Refused(None, "/0/via", "not a list of texts")),
    (
        "JSON fault of a cell",
        js([item(), item(batch_id="B-2", ready="1.3.2027")]),
        Refused(None, "/1/ready", "ambiguous"),
    ),
    ("JSON id twice", js([item(), item()]), Refused(None, "/1/batch_id", "is the id of /0 too")),
    (
        "JSON key unknown",
        js([item(vehicels=3)]),
        Refused(None, "/0/vehicels", "not known here", "did you mean vehicles?"),
    ),
    (
        "JSON key missing",
        js([{key: GOOD[key] for key in GOOD if key != "due"}]),
        Refused(None, "/0/due", "missing"),
    ),
    (
        "JSON key in both cases",
        js([item(batchId="B-9")]),
        Refused(None, "/0/batchId", "twice, as /0/batch_id too"),
    ),
    (
        "JSON key twice",
        js([item()]).replace(b'"shipper"', b'"due"'),
        Refused(None, "/0/due", "twice in one object"),
    ),
    ("JSON NaN", js([item()]).replace(b"300", b"NaN"), Refused(None, "/0/vehicles", "finite")),
    (
        "JSON 1e309",
        js([item()]).replace(b"300", b"1e309"),
        Refused(None, "/0/vehicles", "not a whole number"),
    ),
    (
        "JSON long number",
        js([item()]).replace(b"300", b"9" * 5_000),
        Refused(None, "/0/vehicles", "too long"),
    ),
    ("JSON trailing data", js([item()]) + b"[]", Refused(1, None, "not JSON: Extra data")),
    ("JSON cut off", js([item()])[:-1], Refused(1, None, "not JSON")),
    (
        "JSON half a character",
        js([item()]).replace(b"Maker", b"\\ud800"),
        Refused(None, "/0/shipper", "half a character"),
    ),
    ("JSON deep", b"[" * 65 + b"]" * 65, Refused(None, "/", "nested too deeply")),
    ("JSON very deep", b"[" * 100_000, Refused(None, None, "nested too deeply")),
    ("JSON as deep as may be", b"[" * 64 + b"]" * 64, Refused(None, "/0", "not an object")),
    (
        "JSON other key beside",
        js({"batches": [item()], "name": "x"}),
        Refused(None, "/name", "not known here", '"batches"'),
    ),
    (
        "JSON without list",
        js({"orders": []}),
        (Refused(None, "/orders", "not known"), Refused(None, "/batches", "missing")),
    ),
    ("JSON batches no list", js({"batches": {}}), Refused(None, "/batches", "is not a list")),
    ("JSON item no object", js([item(), None]), Refused(None, "/1", "is not an object")),
    ("JSON without batches", b"[]", Refused(None, None, "holds no batch", "an item")),
    ("JSON not UTF-8", js([item()]).replace(b"Maker", b"\xc5\xda"), Refused(1, None, "not UTF-8")),
]
