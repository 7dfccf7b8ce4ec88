"""Networks over HTTP: handed in as an archive, kept as they are, told apart by their tables."""

from __future__ import annotations

import csv
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from planner.reading.tables import digest_of, read_network
from service.keys.repository import add_tenant
from tests.service.intake.archives import TABLES, packed

DIGEST = digest_of({name.removesuffix(".csv"): content for name, content in TABLES.items()})
ZIP = {"Content-Type": "application/zip"}


@pytest.fixture(scope="module")
def network(client):
    """A network that was handed in as the body itself."""
    answer = client.post("/v1/networks", params={"name": "own rates"}, content=packed(TABLES), headers=ZIP)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/networks/{answer.json()['id']}"
    return answer.json()


def test_a_network_is_told_with_its_report(client, network):
    assert network["name"] == "own rates"
    assert network["contentSha256"] == DIGEST
    assert network["isShipped"] is False
    assert network["report"]["rows"]["places"] == 7
    assert network["report"]["notes"] == []
    assert client.get(network["links"]["self"]).json() == network
    assert client.get(network["links"]["report"]).json() == network["report"]


def test_the_same_tables_are_the_same_network(client, network):
    other = packed({f"a/{name}": content for name, content in reversed(TABLES.items())} | {".DS_Store": b""})
    again = client.post("/v1/networks", files={"file": ("other name.zip", other)})
    assert (again.status_code, again.json()) == (200, network)


def test_two_at_once_of_one_content_make_one_network(client):
    tables = TABLES | {"places.csv": TABLES["places.csv"].replace(b"River port", b"Port on the river")}
    with ThreadPoolExecutor(4) as pool:
        calls = [
            pool.submit(client.post, "/v1/networks", files={"file": (f"n{at}.zip", packed(tables))})
            for at in range(4)
        ]
        answers = [call.result() for call in calls]
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_its_tables_come_back_as_they_were(client, network):
    answer = client.get(network["links"]["tables"])
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="tables.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == TABLES
    tag = answer.headers["etag"]
    assert client.get(network["links"]["tables"], headers={"If-None-Match": tag}).status_code == 304
    assert client.get(network["links"]["self"], headers={"If-None-Match": tag}).status_code == 304


def test_the_shipped_network_is_there(client):
    shipped = client.get("/v1/networks/shipped").json()
    assert (shipped["isShipped"], shipped["createdAt"]) == (True, None)
    assert shipped["contentSha256"] == read_network().digest
    assert shipped["report"]["rows"]["places"] > 100
    tables = client.get(shipped["links"]["tables"]).content
    again = client.post("/v1/networks", content=tables, headers=ZIP)
    assert (again.status_code, again.json()["id"]) == (200, "shipped")


def test_lists_go_from_the_newest_to_the_shipped_one(client, network):
    ids, cursor = [], None
    while True:
        params = {"limit": 1} | ({} if cursor is None else {"cursor": cursor})
        page = client.get("/v1/networks", params=params).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert ids[-1] == "shipped"
    assert network["id"] in ids
    assert len(ids) == len(set(ids))
    assert ids == [item["id"] for item in client.get("/v1/networks").json()["items"]]


def test_a_faulty_network_is_refused_with_every_fault(client):
    broken = packed(TABLES | {"calls.csv": TABLES["calls.csv"].replace(b"BORDER", b"=BORDR")})
    answer = client.post("/v1/networks", content=broken, headers=ZIP)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    (fault,) = answer.json()["errors"]
    assert (fault["table"], fault["row"], fault["column"]) == ("calls.csv", 3, "place_id")
    assert (fault["value"], fault["code"]) == ("=BORDR", "character")
    as_csv = client.post("/v1/networks", content=broken, headers={**ZIP, "Accept": "text/csv"})
    assert as_csv.status_code == 422
    (row,) = csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig")))
    assert (row["table"], row["line"], row["value"]) == ("calls.csv", "3", "'=BORDR")


@pytest.mark.parametrize("content", [b"x", packed({"../places.csv": b""}), packed({})])
def test_what_is_no_network_is_refused(client, content):
    answer = client.post("/v1/networks", content=content, headers=ZIP)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["table"]


def test_a_network_of_another_tenant_is_none_at_all(client, live, network):
    database = live.app.state.database
    with database.write() as connection:
        add_tenant(connection, "other", "other", 0)
        connection.exec_driver_sql(
            "insert into networks"
            " (tenant_id, network_id, name, content_sha256, tables_zip, report, created_ms)"
            " select 'other', 'net_00000000000000000000000000', name, content_sha256, tables_zip, report, 1"
            f" from networks where network_id = '{network['id']}'"
        )
    for path in ("", "/report", "/tables.zip"):
        theirs = client.get(f"/v1/networks/net_00000000000000000000000000{path}")
        absent = client.get(f"/v1/networks/net_zzzzzzzzzzzzzzzzzzzzzzzzzz{path}")
        assert theirs.status_code == absent.status_code == 404
        assert {**theirs.json(), "instance": ""} == {**absent.json(), "instance": ""}
    assert "net_00000000000000000000000000" not in client.get("/v1/networks").text
    made = client.post("/v1/batch-sets", json={"networkId": "net_00000000000000000000000000"})
    assert made.status_code == 404


def test_batches_are_read_against_the_network_of_their_set(client, network):
    made = client.post("/v1/batch-sets", json={"networkId": network["id"]}).json()
    row = {"externalRef": "B-1", "shipper": "", "origin": "PLANT", "destination": "MARKET"}
    row |= {"vehicleType": "SUV", "vehicles": 10, "ready": "2025-03-03", "due": "2025-04-20"}
    put = client.post(f"/v1/batch-sets/{made['id']}/batches", json={"batches": [row]})
    assert put.status_code == 200, put.text
    assert client.post(f"/v1/batch-sets/{made['id']}/close").status_code == 200
