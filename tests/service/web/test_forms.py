"""Forms that are refused: each field says why, in the language of the page; on both databases."""

from __future__ import annotations

import pytest

from tests.service.web.planted import plant_set

FORMS = ("/page/plans", "/page/comparisons")


@pytest.fixture(scope="module")
def settings(idle):
    return idle


@pytest.fixture
def visitor(live, visit):
    return visit(live)


def speak(visitor, lang):
    visitor.send("/language", {"language": lang, "back": "/page"})


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(("lang", "told"), [("en", "is used already"), ("zh", "已被使用")])
def test_a_taken_reference_is_told_beside_its_field(live, visitor, path, lang, told):
    speak(visitor, lang)
    fields = {"batchSetId": plant_set(live.app), "externalRef": f"{path} {lang}".replace("/", " ").strip()}
    assert visitor.send(path, fields)
    seen = visitor.send(path, fields, 409)
    assert seen.one("input", name="externalRef")[1]["aria-invalid"] == "true"
    assert seen.one("p", id="externalRef-faults")[2] == told
    assert "duplicate-reference" not in seen.text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_is_refused_as_a_whole_says_why_in_words(visitor, path):
    open_set = visitor.send("/page/batch-sets", {"name": "open"}).rpartition("/")[2]
    plant_set(visitor.live.app)
    for lang, told in (("en", "The batch set is open"), ("zh", "批次集未关闭")):
        speak(visitor, lang)
        alert = visitor.send(path, {"batchSetId": open_set}, 409).one("div", role="alert")[2]
        assert told in alert
        assert "open-batch-set" not in alert
