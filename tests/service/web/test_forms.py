"""Forms that are refused: each field says why, in the language of the page; on both databases."""

from __future__ import annotations

import pytest

from tests.render.sample_plan import PROBLEM, RESULT
from tests.service.web.planted import plant_plan, plant_set

FORMS = ("/page/plans", "/page/comparisons")


@pytest.fixture(scope="module")
def settings(idle):
    return idle


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


SAID = [
    ("/page/plans", {"externalRef": "q/"}, "externalRef", "含有此处不接受的字符"),
    ("/page/plans", {"externalRef": "x" * 65}, "externalRef", "超过64个字符"),
    ("/page/plans", {"batchSetId": ""}, "batchSetId", "未填写"),
    ("/page/plans", {"close": "KHORGOS:2027-03-01..2027-03-15\n" * 101}, "close", "超过100行"),
    ("/page/plans", {"price": "x" * 201}, "price", "超过200个字符"),
    ("/page/plans", {"seed": "2147483648"}, "seed", "大于2147483647"),
    ("/page/plans", {"seed": "one"}, "seed", "不是整数"),
    ("/page/plans", {"timeLimitS": "0"}, "timeLimitS", "小于1"),
    ("/page/plans", {"timeLimitS": "99999999"}, "timeLimitS", "大于1800"),
    ("/page/plans", {"objective": "best"}, "objective", "不在可选范围"),
    ("/page/plans", {"objective": "blend"}, "objective", "需填写每车每天的价值或每吨CO₂e的价格，或两者"),
    (
        "/page/plans",
        {"dayValue": "9"},
        "objective",
        "不使用每车每天的价值和每吨CO₂e的价格：二者仅用于综合目标",
    ),
    (
        "/page/comparisons",
        {"objective": "blend"},
        "objective",
        "需填写每车每天的价值或每吨CO₂e的价格，或两者",
    ),
    ("/page/comparisons", {"sweeps": "a\nb\nc\nd"}, "sweeps", "超过3行"),
    ("/page/comparisons", {"timeLimitS": "99999999"}, "timeLimitS", "大于1800"),
    ("/page/batch-sets", {"name": "x" * 201}, "name", "超过200个字符"),
]


@pytest.mark.parametrize(("path", "fields", "name", "told"), SAID)
def test_what_is_wrong_with_a_field_is_told_in_chinese(live, visitor, path, fields, name, told):
    speak(visitor, "zh")
    seen = visitor.send(path, {"batchSetId": plant_set(live.app), "name": "set", **fields}, 422)
    quoted = "".join(f"{one[2]} " for one in seen.all("q")[:1])
    assert seen.one("p", id=f"{name}-faults")[2] == quoted + told
    alert = seen.one("div", role="alert")[2]
    assert told in alert
    assert "--" not in alert
    assert "String" not in alert


def test_a_moment_is_asked_for_where_a_moment_is_needed(live, visitor, tmp_path):
    kept = plant_plan(live.app, tmp_path, PROBLEM, RESULT, has_files=False)
    fields = {"batchSetId": plant_set(live.app), "freezeBefore": "x"}
    for keep, told in (("", "counts only with a plan to keep"), (kept, "is no moment: write 2027-03-08T")):
        seen = visitor.send("/page/plans", {**fields, "keepPlanId": keep}, 422)
        assert told in seen.one("p", id="freezeBefore-faults")[2]
        assert "year-month-day" not in seen.text


def test_what_is_known_in_english_only_is_marked_so_and_says_a_value_once(live, visitor):
    fields = {"batchSetId": plant_set(live.app), "sweeps": "foo"}
    english = "'foo' is no sweep: there are rail-price, rail-subsidy, day-value"
    speak(visitor, "zh")
    seen = visitor.send("/page/comparisons", fields, 422)
    assert seen.one("p", id="sweeps-faults")[2] == f"内容有误：{english}"
    assert [one[2] for one in seen.all("span", lang="en")] == [english] * 2
    speak(visitor, "en")
    assert visitor.send("/page/comparisons", fields, 422).one("p", id="sweeps-faults")[2] == english


def test_a_problem_has_a_title_in_chinese_and_english_that_is_marked_so(visitor):
    speak(visitor, "zh")
    seen = visitor.see("/page/plans?cursor=abc", 400)
    assert seen.one("h1")[2] == "列表分页地址无效"
    assert seen.one("p", lang="en")[2]


# Another language.


def switched(seen, lang):
    """Where the switch of a form leads, and that it is one of the form."""
    button = seen.one("button", name="language", value=lang)
    assert button[1]["form"] == seen.one("form", id="asked")[1]["id"]
    first = next(one for one in seen.all("button") if one[1].get("form") == "asked")
    assert "hidden" in first[1], "Enter in a field sends the form, and chooses no language"
    assert "formaction" not in first[1]
    return button[1]["formaction"]


def test_a_refused_plan_is_told_in_another_language_with_all_that_was_typed(live, visitor):
    fields = {"batchSetId": plant_set(live.app), "externalRef": "kept", "price": "rail=+5%\nroad=+1%"}
    fields |= {"currency": "CNY", "seed": "one"}
    refused = visitor.send("/page/plans", fields, 422)
    seen = visitor.send(switched(refused, "zh"), {**fields, "language": "zh"}, 422)
    assert seen.one("html")[1]["lang"] == "zh-Hans"
    assert seen.one("p", id="seed-faults")[2] == "one 不是整数"
    assert seen.one("input", name="externalRef")[1]["value"] == "kept"
    assert seen.one("textarea", name="price")[2] == fields["price"]
    assert seen.one("option", value="CNY", selected=None)
    assert seen.one("option", value=fields["batchSetId"], selected=None)
    assert visitor.see("/page/plans").one("html")[1]["lang"] == "zh-Hans", "it is remembered"
    back = visitor.send(switched(seen, "en"), {**fields, "language": "en"}, 422)
    assert back.one("p", id="seed-faults")[2] == "one is no whole number"


@pytest.mark.parametrize("path", [*FORMS, "/page/batch-sets"])
def test_what_was_refused_when_it_was_made_is_found_again_and_nothing_is_made(live, visitor, path):
    reference = f"again {path}".replace("/", " ")
    fields = {"batchSetId": plant_set(live.app), "name": "again", "externalRef": reference, "once": path}
    made = visitor.send(path, fields)
    refused = visitor.send(path, {**fields, "once": f"{path} 2"}, 422 if "batch" in path else 409)
    switch = switched(refused, "zh")
    status = 422 if "batch" in path else 409
    seen = visitor.send(switch, {**fields, "language": "zh"}, status)
    assert seen.one("p", id="externalRef-faults")[2] == "已被使用"
    mended = visitor.send(switch, {**fields, "externalRef": f"{reference} 2", "language": "zh"}, 200)
    assert not mended.all("p", id="externalRef-faults"), "it has been mended meanwhile"
    assert mended.one("input", name="externalRef")[1]["value"] == f"{reference} 2"
    kind = path.removeprefix("/page")
    listed = visitor.client.get(f"/v1{kind}").json()["items"]
    named = [one["externalRef"] for one in listed if (one["externalRef"] or "").startswith(reference)]
    assert named == [reference]
    assert made == f"{path}/{next(one['id'] for one in listed if one['externalRef'] == reference)}"


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_was_not_sent_yet_keeps_what_is_typed_and_is_not_judged(live, visitor, path):
    batch_set_id = plant_set(live.app)
    switch = switched(visitor.see(f"{path}/new"), "zh")
    fields = {"batchSetId": batch_set_id, "seed": "one", "only": ["rail"], "language": "zh"}
    seen = visitor.send(switch, fields, 200)
    assert seen.one("html")[1]["lang"] == "zh-Hans"
    assert seen.one("input", name="seed")[1]["value"] == "one"
    assert not seen.all("div", role="alert")
    ticked = [one[1]["value"] for one in seen.all("input", name="only") if "checked" in one[1]]
    assert ticked == (["rail"] if "comparisons" in path else [])
    assert visitor.send(switch, {**fields, "language": "fr"}, 200).one("html")[1]["lang"] == "zh-Hans"


def test_the_address_of_a_new_set_leads_to_its_form(visitor):
    assert visitor.get("/page/batch-sets/new", 303).headers["location"] == "/page/batch-sets"


# What was asked for before.


def test_a_plan_that_failed_leads_to_a_form_with_what_was_asked_for(live, visitor):
    fields = {"batchSetId": plant_set(live.app), "externalRef": "before", "currency": "CNY", "seed": "7"}
    path = visitor.send("/page/plans", {**fields, "price": "rail=+5%\nroad=+1%"})
    assert not visitor.see(path).all("a", href=f"/page/plans/new?like={path.rpartition('/')[2]}")
    visitor.send(f"{path}/cancel")
    link = visitor.see(path).one("a", href=f"/page/plans/new?like={path.rpartition('/')[2]}")
    seen = visitor.see(link[1]["href"])
    assert seen.one("textarea", name="price")[2] == "rail=+5%\nroad=+1%"
    assert seen.one("input", name="seed")[1]["value"] == "7"
    assert seen.one("input", name="externalRef")[1]["value"] == "", "it is taken"
    assert seen.one("option", value="CNY", selected=None)
    assert seen.one("option", value=fields["batchSetId"], selected=None)
    assert visitor.see("/page/plans/new?like=pln_none", 404)


def test_a_comparison_without_a_result_leads_to_a_form_with_what_was_asked_for(live, visitor):
    fields = {"batchSetId": plant_set(live.app), "only": ["rail"], "breakEven": "yes"}
    path = visitor.send("/page/comparisons", {**fields, "alternatives": "south=modes=rail"})
    visitor.send(f"{path}/cancel")
    link = visitor.see(path).one("a", href=f"/page/comparisons/new?like={path.rpartition('/')[2]}")
    seen = visitor.see(link[1]["href"])
    ticked = [one[1]["value"] for one in seen.all("input", name="only") if "checked" in one[1]]
    assert ticked == ["rail"]
    assert "checked" in seen.one("input", name="breakEven")[1]
    assert seen.one("textarea", name="alternatives")[2] == "south=modes=rail"
    assert visitor.see("/page/comparisons/new?like=cmp_none", 404)
