"""Who misspells a key is told which one may have been meant."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("path", "body", "pointer", "hint"),
    [
        ("/v1/plans", {"batchSetId": "x", "objectiv": "cost"}, "/objectiv", "did you mean objective?"),
        (
            "/v1/plans",
            {"batchSetId": "x", "carrying_rate": "8%"},
            "/carrying_rate",
            "did you mean carryingRate?",
        ),
        ("/v1/plans", {"batchSetId": "x", "whatIf": {"closed": []}}, "/whatIf/closed", "did you mean close?"),
        ("/v1/plans", {"batchSetId": "x", "zzz": 1}, "/zzz", ""),
        ("/v1/batch-sets", {"nmae": "x"}, "/nmae", "did you mean name?"),
        ("/v1/batch-sets", {"a/b~c": "x"}, "/a~1b~0c", ""),
    ],
)
def test_a_key_like_one_that_is_known_is_met_with_that_one(client, path, body, pointer, hint):
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    (fault,) = [one for one in answer.json()["errors"] if one["pointer"] == pointer]
    assert (fault["code"], fault["reason"], fault["hint"]) == ("extra_forbidden", "is no key here", hint)


def test_of_rows_the_keys_of_rows_are_suggested(client):
    made = client.post("/v1/batch-sets", json={}).json()["id"]
    row = {"externalRef": "A", "vehicels": 5}
    errors = client.post(f"/v1/batch-sets/{made}/batches", json={"batches": [row]}).json()["errors"]
    assert "did you mean vehicles?" in [one["hint"] for one in errors]


def test_thousands_of_unknown_keys_are_all_told(client):
    answer = client.post("/v1/batch-sets", json={f"nam{number}": "x" for number in range(3_000)})
    told = answer.json()
    assert (answer.status_code, told["numErrors"]) == (422, 3_000)
    assert sum(bool(one["hint"]) for one in told["errors"]) == 20
