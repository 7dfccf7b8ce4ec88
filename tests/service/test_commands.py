"""Commands that run and look after the service, as an operator meets them: what they say, how they end."""

from __future__ import annotations

import logging
import os
import socket
import stat
import sys
from contextlib import closing

import pytest
from typer.testing import CliRunner

import cli
from service.store.database import Database

SERVER_KEY = "a server key for tests only, 32 bytes or more"
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(autouse=True)
def _logs_as_before():
    """The service sends its log lines to the stderr of the moment."""
    root = logging.getLogger("landbridge")
    handlers, propagate = list(root.handlers), root.propagate
    yield
    root.handlers, root.propagate = handlers, propagate


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    for name in list(os.environ):
        if name.startswith("LANDBRIDGE_"):
            monkeypatch.delenv(name)


def run(*words, code=0):
    """What a command says, after it has ended as it should; a port of its own keeps it out of others' way."""
    if words[0] == "serve" and "--port" not in words:
        words = (*words, "--port", 0)
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert "Traceback" not in done.output
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


# What must not be started


def test_a_service_for_others_needs_tls_or_a_proxy(data):
    assert "--tls-certificate" in run("serve", "--host", "0.0.0.0", "--data", data, code=2).stderr


@pytest.mark.parametrize("words", [("--host", "0.0.0.0", "--behind-proxy"), ("--behind-proxy",)])
def test_a_service_for_others_needs_a_key_also_behind_a_proxy_on_this_machine(words, data):
    assert "there is no key" in run("serve", *words, "--data", data, code=2).stderr


def test_a_key_that_has_expired_lets_nobody_in(data):
    run("key", "create", "--label", "erp", "--days", "1", "--data", data)
    database = Database(f"sqlite:///{data / 'landbridge.db'}")
    with database.write() as connection:
        connection.exec_driver_sql("update api_keys set expires_ms = 1")
    database.close()
    assert "there is no key" in run("serve", "--behind-proxy", "--data", data, code=2).stderr


def test_a_port_that_is_taken_is_named(data):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        told = run("serve", "--port", port, "--data", data, code=2).stderr
    assert told.startswith(f"127.0.0.1, port {port}: ")


def test_a_certificate_that_is_none_is_named(data, tmp_path):
    certificate = tmp_path / "no.pem"
    words = ("serve", "--tls-certificate", certificate, "--data", data)
    assert run(*words, code=2).stderr == f"{certificate}: no such file\n"
    certificate.write_text("no certificate")
    assert run(*words, code=2).stderr.startswith(f"{certificate}: no certificate with its key")
    assert "--tls-certificate" in run("serve", "--tls-key", certificate, "--data", data, code=2).stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_postgresql_needs_a_server_key_that_all_processes_share(command, data):
    assert "no server key" in run(command, "--database", NOWHERE, "--data", data, code=2).stderr


def test_a_database_that_is_away_is_told_from_wrong_usage(data, tmp_path):
    key = tmp_path / "key"
    key.write_text(SERVER_KEY)
    words = ("serve", "--database", NOWHERE, "--data", data, "--server-key-file", key)
    assert "not reachable" in run(*words, code=6).stderr


def test_a_short_server_key_is_refused(data, tmp_path):
    key = tmp_path / "key"
    key.write_text("short")
    assert "shorter than 32 bytes" in run("serve", "--server-key-file", key, "--data", data, code=2).stderr


@pytest.mark.parametrize("url", ["mysql://x/y", "no url"])
def test_another_kind_of_database_is_refused_and_its_url_is_not_repeated(url, data):
    told = run("serve", "--database", url, "--data", data, code=2).stderr
    assert "postgresql://user@host/name" in told
    assert url not in told


def test_the_driver_of_postgresql_is_named_where_it_is_missing(data, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert (
        '"landbridge[postgres]"' in run("key", "list", "--database", NOWHERE, "--data", data, code=2).stderr
    )


def test_jobs_of_an_sqlite_file_are_run_by_who_serves_it(data):
    assert "written by one process" in run("worker", "--data", data, code=2).stderr


def test_a_setting_that_can_not_be_read_is_named(data, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_LIMITS__JSON_BYTES", "1")
    assert "limits.json_bytes" in run("serve", "--data", data, code=2).stderr
    monkeypatch.setenv("LANDBRIDGE_LIMITS", "{")
    assert 'field "limits"' in run("serve", "--data", data, code=2).stderr


# Keys


def test_a_key_is_made_shown_and_revoked(data):
    made = run("key", "create", "--label", "erp", "--scope", "plan:read", "--data", data)
    prefix, env, key_id, secret, _ = made.stdout.strip().split("_")
    assert (prefix, env) == ("lb", "live")
    listed = run("key", "list", "--data", data).stdout
    assert key_id in listed
    assert secret not in listed
    shown = listed.split()[0]
    run("key", "revoke", shown, "--data", data)
    assert "revoked" in run("key", "list", "--data", data).stdout
    run("key", "revoke", "key_none", "--data", data, code=2)


@pytest.mark.parametrize(
    "words",
    [
        ("--label", "erp", "--scope", "everything"),
        ("--label", ""),
        ("--label", "erp", "--tenant", "two words"),
        ("--label", "erp", "--days", "0"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(words, data):
    run("key", "create", *words, "--data", data, code=2)
    assert not data.exists()


def test_what_is_made_is_for_its_owner_alone(data, tmp_path):
    run("key", "create", "--label", "erp", "--data", data)
    run("db", "backup", tmp_path / "copy", "--data", data)
    found = [mode_of(path) for path in (data, data / "landbridge.db", data / "server.key", tmp_path / "copy")]
    assert found == [0o700, 0o600, 0o600, 0o600]


# The database


@pytest.mark.parametrize("command", [("db", "verify"), ("db", "backup", "copy"), ("key", "list")])
def test_a_folder_without_a_database_is_told_and_not_filled(command, data):
    assert "there is no database" in run(*command, "--data", data, code=2).stderr
    assert not data.exists()


def test_an_empty_database_is_brought_up_to_date_once(data):
    assert "version" in run("db", "upgrade", "--data", data).stdout
    assert "nothing to do" in run("db", "upgrade", "--data", data).stdout
    assert run("db", "verify", "--data", data).stdout == "The database is sound.\n"


def test_tables_of_others_are_left_alone(data):
    data.mkdir()
    other = Database(f"sqlite:///{data / 'landbridge.db'}")
    with other.write() as connection:
        connection.exec_driver_sql("create table theirs (a integer)")
    other.close()
    assert "not of landbridge" in run("db", "upgrade", "--data", data, code=2).stderr
    assert "nothing in it" in run("db", "verify", "--data", data, code=1).stdout


@pytest.mark.parametrize(
    "command", [("serve",), ("db", "upgrade"), ("db", "verify"), ("key", "list"), ("db", "restore", "copy")]
)
def test_a_database_of_a_newer_version_is_refused(command, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("db", "upgrade", "--data", data)
    newer = Database(f"sqlite:///{data / 'landbridge.db'}")
    with newer.write() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    newer.close()
    run("db", "backup", "copy", "--data", data)
    told = run(*command, "--data", data, code=2).stderr
    assert told == "the database is of version 9999, newer than this program: install that one\n"


def test_a_damaged_file_is_found(data):
    run("key", "create", "--label", "erp", "--data", data)
    file = data / "landbridge.db"
    whole = file.read_bytes()
    for at, num_bytes in ((0, 16), (4096, 4096), (len(whole) // 2, 8192), (len(whole) - 4096, 4096)):
        file.write_bytes(whole[:at] + b"\xa5" * num_bytes + whole[at + num_bytes :])
        assert run("db", "verify", "--data", data, code=1).stdout.startswith("damaged: "), at
    file.write_bytes(whole[: len(whole) // 2])
    assert run("db", "verify", "--data", data, code=1).stdout.startswith("damaged: ")
    file.write_bytes(whole)
    run("db", "verify", "--data", data)


def test_restoring_keeps_the_file_before_each_time(data, tmp_path):
    copy = tmp_path / "copy"
    run("key", "create", "--label", "first", "--data", data)
    run("db", "backup", copy, "--data", data)
    run("key", "create", "--label", "second", "--data", data)
    run("db", "restore", copy, "--data", data)
    listed = run("key", "list", "--data", data).stdout
    assert "first" in listed
    assert "second" not in listed
    run("db", "verify", "--data", data)
    run("db", "restore", copy, "--data", data)
    kept = data / "landbridge.db.before"
    assert sorted(path.name for path in data.glob("*.before*")) == [kept.name, f"{kept.name}.2"]
    run("db", "restore", kept, "--data", data)
    assert "second" in run("key", "list", "--data", data).stdout


def test_restoring_keeps_what_a_killed_process_had_left_beside_the_file(data, tmp_path):
    copy = tmp_path / "copy"
    run("db", "upgrade", "--data", data)
    run("db", "backup", copy, "--data", data)
    file = data / "landbridge.db"
    writer = Database(f"sqlite:///{file}")
    with writer.write() as connection:
        connection.exec_driver_sql("insert into tenants values ('late', 'late', 1, 0, 0)")
    beside = file.with_name("landbridge.db-wal")
    left = file.read_bytes(), beside.read_bytes()
    writer.close()  # which tidies up; a killed process does not
    file.write_bytes(left[0])
    beside.write_bytes(left[1])
    run("db", "restore", copy, "--data", data)
    run("db", "restore", data / "landbridge.db.before", "--data", data)
    restored = Database(f"sqlite:///{file}")
    with restored.read() as connection:
        assert connection.exec_driver_sql("select name from tenants").scalars().all() == ["late"]
    restored.close()


@pytest.mark.parametrize("content", [b"", b"batch_id,shipper\n", b"SQLite format 3\0" + bytes(4080)])
def test_what_is_no_copy_is_not_restored(content, data, tmp_path):
    run("key", "create", "--label", "erp", "--data", data)
    source = tmp_path / "source"
    source.write_bytes(content)
    assert str(source) in run("db", "restore", source, "--data", data, code=1).stderr
    assert "erp" in run("key", "list", "--data", data).stdout
    assert list(data.glob("*.before*")) == []


def test_a_backup_goes_into_a_new_file_only(data, tmp_path):
    run("db", "upgrade", "--data", data)
    (tmp_path / "copy").write_text("of use to somebody")
    run("db", "backup", tmp_path / "copy", "--data", data, code=2)
    assert (tmp_path / "copy").read_text() == "of use to somebody"
    run("db", "restore", tmp_path / "none", "--data", data, code=2)
