"""The matrix of callers and objects, and that it finds what it is there to find."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import select

from service.batch_sets import repository as batch_sets
from service.batch_sets import service as batch_set_rules
from service.keys import repository as keys
from service.plans import repository as plans
from service.problems import Problem
from service.settings import Limits, Settings
from service.store.tables import plans as plan_table
from tests.faults.authz import LIMITS, Matrix
from tests.service.live import Live

KEY = "a server key for tests only, 32 bytes or more"


@pytest.fixture(scope="module")
def settings(tmp_path_factory, copied_child):
    folder = tmp_path_factory.mktemp("authz")
    return Settings(
        database=f"sqlite:///{folder / 'landbridge.db'}",
        data=folder,
        child_program=copied_child,
        require_keys=True,
        rates=False,
        webhook_loopback=True,
        workers=2,
        limits=Limits(**LIMITS),
        LANDBRIDGE_SERVER_KEY=KEY,
    )


@pytest.fixture(scope="module")
def matrix(settings):
    with Live(settings) as live, httpx.Client(base_url=live.url, timeout=60) as client:
        yield Matrix(client, live.app.state.database, KEY.encode())


def test_nobody_sees_or_changes_what_is_not_theirs(matrix):
    matrix.run()
    assert matrix.misses == []
    assert matrix.calls > 1_000


@pytest.fixture
def fresh(matrix):
    """The matrix with nothing found yet; operations that take nothing away may be tried again."""
    matrix.misses.clear()
    return matrix


def test_a_look_up_without_its_tenant_is_found_out(fresh, monkeypatch):
    def find(connection, _tenant_id, plan_id):
        tenant_id = connection.execute(
            select(plan_table.c.tenant_id).where(plan_table.c.plan_id == plan_id)
        ).scalar_one_or_none()
        return found(connection, tenant_id, plan_id)

    found = plans.find
    monkeypatch.setattr(plans, "find", find)
    fresh.try_operations("getPlan")
    assert any("another's planId is not as an absent one" in miss for miss in fresh.misses)
    assert any("a stranger is told 200" in miss for miss in fresh.misses)


def test_a_word_too_many_about_what_belongs_to_others_is_found_out(fresh, monkeypatch):
    def get_set(connection, tenant_id, batch_set_id, **how):
        row = found(connection, tenant_id, batch_set_id, **how)
        if row is None:
            where = batch_sets.batch_sets.c.batch_set_id == batch_set_id
            if connection.execute(select(batch_sets.batch_sets).where(where)).first():
                raise Problem("not-found", "not yours")
        return row

    found = batch_sets.find_set
    monkeypatch.setattr(batch_set_rules.repository, "find_set", get_set)
    fresh.try_operations("getBatchSet")
    assert any("another's openSetId is not as an absent one" in miss for miss in fresh.misses)


def test_a_key_that_is_good_after_its_end_is_found_out(fresh, monkeypatch):
    def find_by_id(connection, key_id):
        row = found(connection, key_id)
        return None if row is None else SimpleNamespace(**{**row._mapping, "expires_ms": 1 << 60})

    found = keys.find_by_id
    monkeypatch.setattr(keys, "find_by_id", find_by_id)
    fresh.try_operations("listPlans")
    assert any("with an expired key" in miss for miss in fresh.misses)
