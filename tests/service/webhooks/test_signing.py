"""Signatures, against the reference verifier of Standard Webhooks."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from service.webhooks.signing import (
    LEAST_KEY_BYTES,
    ROTATION_MS,
    numbers_in_force,
    secret_of,
    sign,
    signed_headers,
)

KEY = bytes(range(32))
BODY = '{"type":"plan.succeeded","data":{"planId":"pln_1","name":"郑州"}}'.encode()


def test_the_secret_is_stable_and_long_enough():
    secret = secret_of(KEY, "hook_A", 1)
    assert secret == secret_of(KEY, "hook_A", 1)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_every_key_endpoint_and_number_has_a_secret_of_its_own():
    secrets = {
        secret_of(key, endpoint, number)
        for key in (KEY, KEY[::-1])
        for endpoint in ("hook_A", "hook_B", "hook_A1")
        for number in (1, 2, 11)
    }
    assert len(secrets) == 18


@pytest.mark.parametrize(
    ("key", "endpoint", "number"),
    [(KEY[: LEAST_KEY_BYTES - 1], "hook_A", 1), (KEY, "hook_A|1", 1), (KEY, "", 1), (KEY, "hook_A", 0)],
)
def test_no_secret_of_a_short_key_or_an_ambiguous_name(key, endpoint, number):
    with pytest.raises(ValueError, match=r"key|secret"):
        secret_of(key, endpoint, number)


def test_the_reference_verifier_takes_our_signature():
    secret = secret_of(KEY, "hook_A", 1)
    headers = dict(signed_headers((secret,), "evt_1", int(time.time()), BODY))
    assert Webhook(secret).verify(BODY, headers)["type"] == "plan.succeeded"


def test_during_a_rotation_old_and_new_secret_both_verify():
    old, new, other = (secret_of(KEY, "hook_A", number) for number in (1, 2, 3))
    headers = dict(signed_headers((new, old), "evt_1", int(time.time()), BODY))
    for secret in (old, new):
        Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)


@pytest.mark.parametrize("changed", ["body", "id", "time"])
def test_the_reference_verifier_refuses_what_was_changed_on_the_way(changed):
    secret, now = secret_of(KEY, "hook_A", 1), int(time.time())
    headers = dict(signed_headers((secret,), "evt_1", now, BODY))
    body = BODY
    match changed:
        case "body":
            body = BODY + b" "
        case "id":
            headers["webhook-id"] = "evt_2"
        case "time":
            headers["webhook-timestamp"] = str(now - 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


def test_an_old_try_is_refused_by_its_time():
    secret = secret_of(KEY, "hook_A", 1)
    headers = dict(signed_headers((secret,), "evt_1", int(time.time()) - 301, BODY))
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(secret).verify(BODY, headers)


@given(body=st.text().map(str.encode), number=st.integers(1, 10**6))
def test_any_body_signs_as_the_reference_signs(body, number):
    secret = secret_of(KEY, "hook_A", number)
    headers = dict(signed_headers((secret,), "evt_1", int(time.time()), body))
    assert headers["webhook-signature"] == sign(secret, "evt_1", int(headers["webhook-timestamp"]), body)
    Webhook(secret).verify(body, headers, json_parse=False)


def test_a_message_id_with_a_dot_would_make_the_signed_text_ambiguous():
    with pytest.raises(ValueError, match="evt"):
        signed_headers((secret_of(KEY, "hook_A", 1),), "evt.1", 1, b"")
    with pytest.raises(ValueError, match="0 secrets"):
        signed_headers((), "evt_1", 1, b"")


@pytest.mark.parametrize(
    ("number", "rotated_ms", "now_ms", "numbers"),
    [
        (1, None, 0, (1,)),
        (2, 1_000, 1_000, (2, 1)),
        (2, 1_000, 1_000 + ROTATION_MS - 1, (2, 1)),
        (2, 1_000, 1_000 + ROTATION_MS, (2,)),
        (3, 2_000, 2_000, (3, 2)),
    ],
)
def test_the_secret_before_a_rotation_signs_for_one_day(number, rotated_ms, now_ms, numbers):
    assert numbers_in_force(number, rotated_ms, now_ms) == numbers
