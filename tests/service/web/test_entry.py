"""The way in: a start token on a laptop, a key on a server; nothing is shown without a session."""

from __future__ import annotations

import re

import httpx
import pytest

from service.app import create_app
from service.keys.service import create_key
from service.serve import _Server, server_config
from service.settings import Settings
from service.store.tables import api_keys, audit, sessions
from service.web.start import StartDesk
from tests.service.live import Live
from tests.service.web.visitor import Seen

PAGES = (
    *("/page/plans", "/page/plans/new", "/page/batch-sets", "/page/comparisons", "/page/comparisons/new"),
    *("/page/plans/pln_x", "/page/plans/pln_x/batches/y", "/page/plans/pln_x/data/shown.json"),
    *("/page/batch-sets/set_x", "/page/batch-sets/set_x/uploads/upl_x", "/page/comparisons/cmp_x"),
)
CHANGES = (
    *("/page/batch-sets", "/page/plans", "/page/comparisons", "/page/batch-sets/set_x/close"),
    *("/page/plans/pln_x/cancel", "/page/comparisons/cmp_x/cancel", "/page/batch-sets/set_x/uploads"),
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_never_opens_without_a_session(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    part = client.get(path, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login")


@pytest.mark.parametrize("path", CHANGES)
def test_nothing_is_changed_without_a_session(client, path):
    answer = client.post(path, data={"name": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_made_up_session_opens_nothing(client):
    answer = client.get("/page/plans", headers={"Cookie": "landbridge_session=made-up"})
    assert answer.headers["location"] == "/login"


def test_a_start_token_works_once_and_the_next_one_is_told(live):
    told = []
    live.app.state.start.tell = told.append
    path = live.app.state.start.path
    first, second = (httpx.get(live.url + path) for _ in range(2))
    assert first.status_code == 200
    assert second.status_code == 403
    assert "set-cookie" not in second.headers
    assert told == [live.app.state.start.path]
    assert told != [path]
    assert httpx.get(live.url + told[0]).status_code == 200


def test_a_wrong_token_is_refused_in_the_language_of_the_browser(client):
    answer = client.get("/start", params={"token": "wrong"}, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert answer.status_code == 403
    assert Seen(answer.text).one("html")[1]["lang"] == "zh-Hans"
    assert "启动地址" in answer.text
    assert client.get("/start").status_code == 403


def test_the_session_is_a_cookie_that_no_program_and_no_other_site_gets(live):
    answer = httpx.get(live.url + live.app.state.start.path)
    (cookie,) = answer.headers.get_list("set-cookie")
    for part in ("landbridge_session=", "HttpOnly", "Path=/", "SameSite=strict", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie, "there is no TLS on a laptop"
    token = re.search(r"landbridge_session=([\w-]+)", cookie)[1]
    assert len(token) >= 43, "256 bits"
    with live.app.state.database.read() as connection:
        stored = [row.session_hmac for row in connection.execute(sessions.select())]
    assert token not in stored
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in stored)


def test_who_logs_out_is_out(live, visit):
    visitor = visit(live)
    assert visitor.see("/page/plans").one("h1")[2] == "Plans"
    cookie = dict(visitor.client.cookies)
    assert visitor.send("/logout") == "/login"
    visitor.client.cookies.update(cookie)
    assert visitor.get("/page/plans", 303).headers["location"] == "/login"
    with live.app.state.database.read() as connection:
        actions = [row.action for row in connection.execute(audit.select())]
    assert {"session.begin", "session.end"} <= set(actions)


def test_a_session_ends_by_itself(live, visit):
    visitor = visit(live)
    with live.app.state.database.write() as connection:
        connection.execute(sessions.update().values(expires_ms=1))
    assert visitor.get("/page/plans", 303).headers["location"] == "/login"


def test_a_form_of_another_site_is_refused(live, visit):
    visitor = visit(live)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for path in ("/page/batch-sets", "/logout", "/language", "/login"):
            answer = visitor.client.post(path, data={"name": "x"}, headers=headers)
            assert answer.status_code == 403, (path, headers)
    assert "There is no batch set yet." in visitor.see("/page/batch-sets").text
    assert visitor.get("/page/batch-sets").headers["referrer-policy"] == "same-origin", (
        "or our own origin is null"
    )


def test_the_language_is_kept_in_a_cookie_and_leads_back(live, visit):
    visitor = visit(live)
    assert visitor.see("/page/plans").one("html")[1]["lang"] == "en"
    fields = {"language": "zh", "back": "/page/plans?cursor="}
    assert visitor.send("/language", fields) == "/page/plans?cursor="
    assert visitor.see("/page/batch-sets").one("html")[1]["lang"] == "zh-Hans"
    assert visitor.see("/page/batch-sets").one("h1")[2] == "批次集"
    for back in ("https://evil.example", "//evil.example", "/page/../../evil", "/v1/plans", ""):
        led = visitor.send("/language", {"language": "en", "back": back})
        assert led == "/page/plans", back


def test_pages_keep_to_the_strict_policy(live, visit):
    answer = visit(live).get("/page/plans")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_is_compared_whole():
    desk = StartDesk()
    token = desk.path.partition("=")[2]
    assert not desk.take("")
    assert not desk.take(token[:-1])
    assert not desk.take("ä" * 43)
    assert desk.take(token)
    assert not desk.take(token)


def test_the_console_is_told_where_the_page_opens_and_where_it_does_next(tmp_path):
    settings = Settings(data=tmp_path, workers=0)
    app = create_app(settings)
    told = []
    _Server(server_config(app, settings), app, lambda *both: told.append(both))._tell("http://here")
    token = app.state.start.path.partition("=")[2]
    assert app.state.start.take(token)
    assert [address for address, _ in told] == ["http://here"] * 2
    first, second = (page for _, page in told)
    assert first == f"http://here/start?token={token}"
    assert second == f"http://here{app.state.start.path}" != first
    app.state.database.close()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A service that asks for keys, and a key of it."""
    limits = {"wrong_keys_a_minute": 3}
    with Live(
        Settings(data=tmp_path_factory.mktemp("guarded"), require_keys=True, workers=0, limits=limits)
    ) as live:
        yield live


def make_key(live, scopes, days=365):
    database, gate = live.app.state.database, live.app.state.gate
    with database.write() as connection:
        tenant = {"tenant_id": "acme", "name": "Acme", "created_ms": 1}
        if (
            connection.exec_driver_sql("select count(*) from tenants where tenant_id = 'acme'").scalar_one()
            == 0
        ):
            connection.exec_driver_sql(
                "insert into tenants (tenant_id, name, created_ms) values (:tenant_id, :name, :created_ms)",
                tenant,
            )
        return create_key(
            connection,
            gate.server_key,
            "acme",
            database.now_ms(connection),
            label="planner",
            scopes=scopes,
            days=days,
            created_by="test",
        )


def test_a_key_opens_the_page_with_its_scopes(guarded, visit):
    token = make_key(guarded, ["plan:read"])
    visitor = visit(guarded, enters=False)
    form = visitor.see("/login").one("form", action="/login")
    assert form[1]["method"] == "post"
    assert visitor.get("/start?token=x", 303).headers["location"] == "/login"
    assert visitor.send("/login", {"key": f" {token.text} "}) == "/page/plans"
    seen = visitor.see("/page/plans")
    assert "New plan" not in seen.text, "the key may not write"
    assert visitor.see("/page/plans/new", 403).one("h1")[2] == "The key may not do this"
    assert visitor.client.get("/v1/plans").status_code == 200, "downloads are of the API"
    assert visitor.client.get("/login").headers["location"] == "/page/plans"
    with guarded.app.state.database.write() as connection:
        connection.exec_driver_sql("delete from sessions")
    assert visitor.get("/page/plans", 303).headers["location"] == "/login"


def forget_wrong_keys(live):
    """Begin to count anew: all tests call from one address."""
    live.app.state.gate.rates._buckets.clear()


def test_wrong_keys_are_counted(guarded, visit):
    forget_wrong_keys(guarded)
    visitor = visit(guarded, enters=False)
    for _ in range(3):
        seen = visitor.send("/login", {"key": "lb_live_wrong"}, 401)
        assert "not valid" in seen.one("p", role="alert")[2]
    seen = visitor.send("/login", {"key": make_key(guarded, ["plan:read"]).text}, 429)
    assert seen.one("h1")[2] == "Too many requests"


def test_made_up_sessions_are_counted_on_pages_as_well(guarded):
    forget_wrong_keys(guarded)
    made_up = {"Cookie": "landbridge_session=made-up"}
    asked = [httpx.get(f"{guarded.url}/page/plans", headers=made_up).status_code for _ in range(5)]
    assert asked == [303, 303, 303, 429, 429]
    forget_wrong_keys(guarded)


def test_a_session_that_began_while_its_key_was_revoked_opens_nothing(guarded, visit):
    visitor = visit(guarded, enters=False)
    token = make_key(guarded, ["plan:read"])
    visitor.send("/login", {"key": token.text})
    # As if the revoking had committed between the look at the key and the session.
    with guarded.app.state.database.write() as connection:
        connection.execute(api_keys.update().where(api_keys.c.key_id == token.key_id).values(revoked_ms=1))
    assert visitor.get("/page/plans", 303).headers["location"] == "/login"
    assert visitor.client.get("/v1/plans").status_code == 401
    forget_wrong_keys(guarded)


def test_the_cookie_is_for_tls_only_where_there_is_tls(tmp_path):
    app = create_app(Settings(data=tmp_path, behind_proxy=True, require_keys=True, workers=0))
    assert app.state.is_secure
    assert app.state.start is None
    app.state.database.close()
