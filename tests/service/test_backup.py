"""Copies, looking over, and upgrades of a database in use, on SQLite and PostgreSQL."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time

import httpx
import pytest
from sqlalchemy import delete, insert, inspect, select, update

from service.keys import admin
from service.store.backup import BackupError, backup, restore, verify
from service.store.database import Database
from service.store.tables import audit, batch_sets
from service.store.upgrade import find_version, make_ready, newest_version

SERVER_KEY = b"a server key for tests only, 32 bytes or more"
A_SECOND = 20
"""Writes a second while a copy is taken."""


@pytest.fixture
def make_url(request, settings, tmp_path):
    """Makes an empty database of the kind that the module runs on, as `landbridge` is told of it."""

    def make(name="other"):
        if settings.is_sqlite:
            return f"sqlite:///{tmp_path / f'{name}.db'}"
        return request.getfixturevalue("postgres").make_database()

    return make


@pytest.fixture
def database(make_url):
    """An empty database."""
    found = Database(make_url())
    yield found
    found.close()


def landbridge(root, *words):
    """The command in a process of its own."""
    done = subprocess.run(
        [sys.executable, root / "cli.py", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Writer(threading.Thread):
    """Opens batch sets at a steady rate, and remembers which were acknowledged."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.acknowledged, self._url, self._over = [], url, threading.Event()

    def run(self):
        with httpx.Client(base_url=self._url, timeout=30) as client:
            number = 0
            while not self._over.wait(1 / A_SECOND):
                number += 1
                reference = f"set-{number}"
                made = client.post("/v1/batch-sets", json={"externalRef": reference})
                assert made.status_code == 201, made.text
                self.acknowledged.append(reference)

    def wait_for(self, count):
        while len(self.acknowledged) < count:
            assert self.is_alive(), "the writer met a fault"
            time.sleep(0.01)

    def stop(self):
        self._over.set()
        self.join(30)


def test_a_copy_taken_under_load_holds_all_that_was_acknowledged_before(
    live, settings, make_url, root, tmp_path
):
    writer = Writer(live.url)
    writer.start()
    writer.wait_for(15)
    before = list(writer.acknowledged)
    copy = tmp_path / "copy"
    landbridge(root, "db", "backup", copy, "--database", settings.database)
    num_after = len(writer.acknowledged)
    writer.wait_for(num_after + 3)
    writer.stop()
    assert num_after > len(before), "nothing was written meanwhile"
    restored = Database(make_url())
    restore(restored, copy)
    assert verify(restored) == []
    with restored.read() as connection:
        held = set(connection.execute(select(batch_sets.c.external_ref)).scalars())
    restored.close()
    assert set(before) <= held
    assert held <= set(writer.acknowledged)


def test_the_log_of_a_file_that_was_moved_away_is_put_aside(database, tmp_path):
    """It would be played back into the copy: damage at best, changes that the copy never had at worst."""
    if not database.is_sqlite:
        return
    make_ready(database)
    copy, moved = tmp_path / "copy", tmp_path / "moved"
    backup(database, copy)
    admin.create(database, SERVER_KEY, "late", "after the copy", ["plan:read"], 1)
    log = database.path.with_name(database.path.name + "-wal")
    left = log.read_bytes()
    assert left
    database.close()
    database.path.rename(moved)
    log.write_bytes(left)  # as after a kill: who closes in good order takes it away
    kept = restore(database, copy)
    assert kept.read_bytes() == left
    assert verify(database) == []
    with database.read() as connection:
        assert connection.execute(select(audit.c.tenant_id)).all() == []


def test_postgresql_is_restored_into_an_empty_database_only(database, tmp_path):
    if database.is_sqlite:
        return
    make_ready(database)
    backup(database, tmp_path / "copy")
    with pytest.raises(BackupError, match="empty"):
        restore(database, tmp_path / "copy")


# The chain of audit rows


@pytest.fixture
def audited(database):
    """A database with rows of audit of two tenants."""
    make_ready(database)
    for number in range(8):
        for tenant in ("acme", "zeta"):
            admin.create(database, SERVER_KEY, tenant, f"key {number}", ["plan:read"], 1)
    return database


def test_a_changed_deleted_or_swapped_row_of_audit_is_found_30_times_of_30(audited):
    seed = random.Random(7)
    with audited.read() as connection:
        rows = [dict(row) for row in connection.execute(select(audit)).mappings()]
    of_acme = [row for row in rows if row["tenant_id"] == "acme"]
    assert len(of_acme) == 9  # the tenant itself, too
    assert verify(audited) == []
    columns = ("at_ms", "key_id", "address", "action", "object_id", "version_after", "sha256")
    found = 0
    for number in range(30):
        row, other = seed.sample(of_acme, 2)
        mine = (audit.c.tenant_id == "acme", audit.c.number == row["number"])
        with audited.write() as connection:
            if number % 3 == 0:
                column = columns[number // 3 % len(columns)]
                changed = 7 if column in ("at_ms", "version_after") else "other"
                connection.execute(update(audit).where(*mine).values({column: changed}))
            elif number % 3 == 1:
                connection.execute(delete(audit).where(*mine))
            else:
                for one, with_content_of in ((row, other), (other, row)):
                    content = {**with_content_of, "number": one["number"]}
                    here = (audit.c.tenant_id == "acme", audit.c.number == one["number"])
                    connection.execute(update(audit).where(*here).values(content))
        told = "\n".join(verify(audited))
        found += f"audit acme: row {row['number']} " in told and "zeta" not in told
        with audited.write() as connection:
            connection.execute(delete(audit))
            connection.execute(insert(audit), rows)
    assert found == 30
    assert verify(audited) == []


# Upgrades that are cut off

UPGRADE = """
import os, signal, sys
from sqlalchemy import event
from service.store.database import Database
from service.store.upgrade import upgrade

database, left = Database(sys.argv[1]), int(sys.argv[2])

@event.listens_for(database.engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

upgrade(database)
print(int(sys.argv[2]) - left)
"""


def upgrading(url, kill_after, root):
    return subprocess.run(
        [sys.executable, "-c", UPGRADE, url, str(kill_after)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_upgrade_that_is_killed_leaves_the_old_version_or_the_new_one(make_url, root):
    whole = upgrading(make_url("whole"), 0, root)
    num_statements = int(whole.stdout)
    assert num_statements > 20
    url = make_url("cut")
    for kill_after in (*random.Random(3).sample(range(3, num_statements), 2), num_statements):
        assert upgrading(url, kill_after, root).returncode == -9
        found = Database(url)
        with found.read() as connection:
            assert find_version(connection) is None
            assert inspect(connection).get_table_names() == []
        found.close()
    assert upgrading(url, 0, root).returncode == 0
    found = Database(url)
    with found.read() as connection:
        assert find_version(connection) == newest_version()
    assert verify(found) == []
    found.close()
