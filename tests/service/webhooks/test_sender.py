"""One try against receivers that behave, misbehave, or try to lead the sender elsewhere."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import pytest
from standardwebhooks import Webhook

from service.webhooks.addresses import AddressRules
from service.webhooks.guard import Guard, LookUp
from service.webhooks.outcome import Outcome
from service.webhooks.sender import Sender, SendLimits
from service.webhooks.signing import secret_of, signed_headers
from tests.service.webhooks.receivers import OK, Listener, certificate, listening

SECRET = secret_of(bytes(32), "hook_A", 1)
BODY = b'{"type":"plan.succeeded"}'
SHORT = SendLimits(deadline_s=0.5, linger_s=0.2)


def leads_to(*texts: str) -> LookUp:
    return lambda _host: [ip_address(text) for text in texts]


def on_this_machine(look_up: LookUp | None = None) -> Guard:
    return Guard(AddressRules(allow_loopback=True), look_up)


async def send(
    url: str,
    guard: Guard | None = None,
    limits: SendLimits | None = None,
    trust: ssl.SSLContext | None = None,
) -> Outcome:
    sender = Sender(on_this_machine() if guard is None else guard, limits, trust=trust)
    try:
        headers = signed_headers((SECRET,), "evt_1", int(time.time()), BODY)
        return await sender.send(url, [("content-type", "application/json"), *headers], BODY)
    finally:
        sender.close()


def sent_to(
    answer: bytes | Callable[..., Awaitable[None]], limits: SendLimits | None = None
) -> tuple[Outcome, Listener]:
    async def run() -> tuple[Outcome, Listener]:
        async with listening(answer) as listener:
            return await send(listener.url, limits=limits), listener

    return asyncio.run(run())


def test_a_message_arrives_whole_and_its_signature_is_good():
    outcome, listener = sent_to(OK)
    assert (outcome.status, outcome.error, outcome.is_delivered) == (200, "", True)
    assert 0 <= outcome.seconds < 10
    (request,) = listener.requests
    head, _, body = request.partition(b"\r\n\r\n")
    line, *lines = head.decode("ascii").split("\r\n")
    headers = dict(each.split(": ", 1) for each in lines)
    assert line == "POST /in HTTP/1.1"
    assert headers["host"] == f"127.0.0.1:{listener.port}"
    assert headers["connection"] == "close"
    assert body == BODY
    assert Webhook(SECRET).verify(body, headers) == {"type": "plan.succeeded"}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_delivery(status):
    outcome, _ = sent_to(b"HTTP/1.1 %d x\r\ncontent-length: 0\r\n\r\n" % status)
    assert outcome.is_delivered
    assert outcome.status == status


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503, 599])
def test_any_other_status_is_a_failure(status):
    outcome, _ = sent_to(b"HTTP/1.1 %d x\r\ncontent-length: 0\r\n\r\n" % status)
    assert (outcome.status, outcome.error, outcome.is_gone) == (status, f"answered {status}", False)


def test_gone_is_gone():
    outcome, _ = sent_to(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n")
    assert outcome.is_gone
    assert not outcome.is_delivered


def test_interim_answers_are_passed_over():
    outcome, _ = sent_to(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + OK)
    assert outcome.is_delivered


def test_what_a_receiver_asks_for_is_told():
    outcome, _ = sent_to(b"HTTP/1.1 503 x\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n")
    assert outcome.asked_s == 120


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(status):
    async def run() -> tuple[Outcome, int]:
        async with listening(OK) as canary:
            to = b"HTTP/1.1 %d x\r\nlocation: http://127.0.0.1:%d/\r\ncontent-length: 0\r\n\r\n"
            async with listening(to % (status, canary.port)) as listener:
                return await send(listener.url), canary.connections

    outcome, reached = asyncio.run(run())
    assert outcome.error == f"answered {status}: redirects are not followed"
    assert reached == 0


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\n", b"hello\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"\x00" * 100,
     b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", b"HTTP/2 200\r\n\r\n",
     b"HTTP/1.1 999999 x\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\nxxxx"],
)  # fmt: skip
def test_what_is_no_answer_is_a_failure(answer):
    outcome, _ = sent_to(answer, SHORT)
    assert outcome.status is None
    assert outcome.error
    assert not outcome.is_gone


def test_nothing_of_what_a_receiver_wrote_is_told():
    outcome, _ = sent_to(b"HTTP/1.1 500 secret-reason\r\nx: secret\r\ncontent-length: 6\r\n\r\nsecret")
    assert "secret" not in repr(outcome)


async def drip_head(_reader, writer) -> None:
    for byte in OK * 100:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_body(_reader, writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(1_000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_interim(_reader, writer) -> None:
    for _ in range(1_000):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def be_silent(_reader, _writer) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("answer", [drip_head, drip_interim, be_silent])
def test_a_receiver_that_gives_no_answer_in_time_is_cut(answer):
    outcome, _ = sent_to(answer, SHORT)
    assert outcome.error == "gave no answer within 0.5 seconds"
    assert 0.5 <= outcome.seconds < 10


def test_a_body_that_drips_is_cut_and_the_head_decides():
    outcome, _ = sent_to(drip_body, SHORT)
    assert outcome.is_delivered
    assert outcome.seconds < 10


def test_a_deadline_that_passes_while_the_body_drips_changes_nothing():
    outcome, _ = sent_to(drip_body, SendLimits(deadline_s=0.4, linger_s=30))
    assert outcome.is_delivered
    assert outcome.seconds < 10


def test_a_huge_head_is_a_failure():
    outcome, _ = sent_to(b"HTTP/1.1 200 OK\r\n" + b"x-a: b\r\n" * 10_000)
    assert outcome.error == "sent too long an answer"


def test_a_huge_body_is_not_read_to_its_end():
    taken = 0

    async def pour(_reader, writer) -> None:
        nonlocal taken
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            taken += 65_536

    outcome, _ = sent_to(pour)
    assert outcome.is_delivered
    assert outcome.seconds < 10
    assert taken < 20_000_000  # what the buffers of the system hold, not the billion


def test_a_head_of_the_greatest_size_is_read():
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-a: "
    most = SendLimits(most_answer_bytes=1_000)
    outcome, _ = sent_to(head + b"b" * (1_000 - len(head) - 4) + b"\r\n\r\n", most)
    assert outcome.is_delivered
    outcome, _ = sent_to(head + b"b" * (1_001 - len(head) - 4) + b"\r\n\r\n", most)
    assert outcome.error == "sent too long an answer"


def test_a_reset_is_a_failure():
    async def reset(_reader, writer) -> None:
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    outcome, _ = sent_to(reset)
    assert outcome.error == "broke the connection"


def test_nobody_listening_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = asyncio.run(send(f"http://127.0.0.1:{port}/"))
    assert outcome.error == "refused the connection"


def test_the_next_address_of_a_name_is_tried():
    async def run() -> Outcome:
        async with listening(OK) as listener:
            return await send(
                f"http://erp:{listener.port}/", on_this_machine(leads_to("127.0.0.2", "127.0.0.1"))
            )

    assert asyncio.run(run()).is_delivered


def test_a_name_that_flips_to_this_machine_reaches_nobody():
    """Each look-up gives another answer: what is connected to has to be what was checked."""
    answers = [
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1"],
        ["::1"],
        ["10.0.0.1"],
        ["0.0.0.0"],
        ["::ffff:127.0.0.1"],
    ]

    async def run() -> tuple[list[Outcome], int]:
        async with listening(OK) as canary:
            texts = iter(answers)
            guard = Guard(AddressRules(), lambda _host: [ip_address(text) for text in next(texts)])
            url = f"https://erp:{canary.port}/"
            return [await send(url, guard) for _ in answers], canary.connections

    outcomes, reached = asyncio.run(run())
    assert {outcome.error for outcome in outcomes} == {"leads to no address that webhooks may be sent to"}
    assert reached == 0


def test_a_name_is_looked_up_once_a_try():
    """The second look-up would give another address: there is none."""
    texts = iter(["127.0.0.1"])

    async def run() -> Outcome:
        async with listening(OK) as listener:
            guard = on_this_machine(lambda _host: [ip_address(next(texts))])
            return await send(f"http://erp:{listener.port}/", guard)

    assert asyncio.run(run()).is_delivered
    assert list(texts) == []


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    async def run() -> tuple[Outcome, int]:
        async with listening(OK) as proxy, listening(OK) as listener:
            for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            return await send(listener.url), proxy.connections

    outcome, reached = asyncio.run(run())
    assert outcome.is_delivered
    assert reached == 0


def test_a_name_server_that_never_answers_delays_nobody_else():
    answered = threading.Event()
    calls: list[str] = []

    def look_up(host: str):
        calls.append(host)
        if host == "slow":
            answered.wait(30)
        return [ip_address("127.0.0.1")]

    async def run() -> list[Outcome]:
        async with listening(OK) as listener:
            sender = Sender(on_this_machine(look_up), SHORT)
            slow = [sender.send(f"http://slow:{listener.port}/", [], BODY) for _ in range(100)]
            quick = [sender.send(f"http://erp{number}:{listener.port}/", [], BODY) for number in range(10)]
            outcomes = await asyncio.gather(*slow, *quick)
            answered.set()
            sender.close()
            return outcomes

    outcomes = asyncio.run(run())
    assert {outcome.error for outcome in outcomes[:100]} == {"gave no answer within 0.5 seconds"}
    assert all(outcome.is_delivered for outcome in outcomes[100:])
    assert calls.count("slow") == 1


def test_tls_is_for_the_name_and_the_connection_for_the_checked_address(tmp_path):
    shown, trust = certificate(tmp_path, "erp.example")

    async def run(host: str, trusted: ssl.SSLContext | None) -> tuple[Outcome, Listener]:
        async with listening(OK, shown) as listener:
            url = f"https://{host}:{listener.port}/in"
            guard = on_this_machine(leads_to("127.0.0.1"))
            return await send(url, guard, trust=trusted), listener

    outcome, listener = asyncio.run(run("erp.example", trust))
    assert outcome.is_delivered
    assert listener.server_names == ["erp.example"]
    assert f"host: erp.example:{listener.port}".encode() in listener.requests[0]
    for host, trusted in (("erp.example", None), ("other.example", trust)):
        outcome, listener = asyncio.run(run(host, trusted))
        assert "certificate" in outcome.error
        assert listener.requests == []


def test_a_receiver_without_tls_is_a_failure_where_tls_is_asked_for():
    async def run() -> Outcome:
        async with listening(OK) as listener:
            url = f"https://erp:{listener.port}/"
            return await send(url, on_this_machine(leads_to("127.0.0.1")), SHORT)

    outcome = asyncio.run(run())
    assert outcome.status is None
    assert outcome.error
