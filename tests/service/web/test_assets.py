"""Files that pages link to; and pages hold nothing inline, nothing from outside, no word in one language."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from planner.model.services import MODES, ROAD
from planner.reading import codes
from planner.render.languages import LANGUAGES
from planner.render.page import asset_text
from service.problems import KINDS
from service.web.assets import ASSETS, COMPARISON_PROGRAM, PLAN_PROGRAM, asset_url, find_asset, page_asset
from service.web.languages import own_words, words_of

WEB = Path(__file__).resolve().parents[3] / "service" / "web"
TEMPLATES = {path.name: path.read_text(encoding="utf-8") for path in (WEB / "templates").iterdir()}
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in WEB.glob("*.py"))


def test_files_of_others_are_those_that_were_released():
    listed = tomllib.loads((WEB / "assets" / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
    for one in listed:
        content = (WEB / "assets" / one["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"], one["path"]
        assert (WEB / "assets" / one["licence_file"]).read_text(encoding="utf-8").strip()
        assert one["version"].encode() in content, "the file says its version itself"
    kept = {
        path.relative_to(WEB / "assets").as_posix()
        for path in (WEB / "assets").rglob("*")
        if path.parent != WEB / "assets"
    }
    assert {one for one in kept if not one.endswith("LICENSE") and Path(one).suffix} == {
        one["path"] for one in listed
    }


@pytest.mark.parametrize("name", ASSETS)
def test_a_file_is_kept_for_ever_under_the_address_of_its_content(client, name):
    answer = client.get(asset_url(name))
    assert answer.content == find_asset(name).content
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert client.get(asset_url(name), headers={"Accept-Encoding": "identity"}).content == answer.content
    assert client.get(f"/static/0123456789abcdef/{name}").status_code == 404


def test_licences_go_with_what_they_are_for():
    for name, words in (
        ("htmx.js", "Zero-Clause BSD"),
        ("leaflet.js", "Redistributions in binary form"),
        ("echarts.js", "Apache License"),
    ):
        assert words in find_asset(name).content.decode(), name


def test_no_file_leads_outside():
    for name in ASSETS:
        text = find_asset(name).content.decode()
        assert not re.search(r"@import|url\((?!#)|sourceMappingURL|\bimport\(", text), name
    for name in ("page.css", "page.js", "report.css", "plan.js", "comparison.js", "icon.svg"):
        assert re.findall(r"https?://(?!www\.w3\.org/)", find_asset(name).content.decode()) == [], name


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_nothing_that_the_policy_forbids(name):
    text = TEMPLATES[name]
    assert re.findall(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:|hx-on|hx-vals|\|\s*safe\b", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    addresses = re.findall(r"""(?:src|href|action|hx-get)="([^"]*)\"""", text)
    assert [one for one in addresses if not re.match(r"/|#|\{\{", one)] == []


def test_both_programs_find_the_elements_that_they_fill():
    for names, template in ((PLAN_PROGRAM, "plan.html"), (COMPARISON_PROGRAM, "comparison.html")):
        program = "\n".join(asset_text(f"report/{name}.js") for name in names)
        made = set(re.findall(r'\bid: "([\w-]+)"', program))
        wanted = set(re.findall(r'(?:byId|fillIn)\("([\w-]+)"', program)) | set(
            re.findall(r'new PagedTable\("([\w-]+)"', program)
        )
        wanted |= set(re.findall(r'L\.map\("([\w-]+)"', program))
        assert wanted - made <= set(re.findall(r'\bid="([\w-]+)"', TEMPLATES[template])), template


def test_modes_have_the_colours_of_the_map():
    colours = dict(re.findall(r"(\w+): \{colour: \"(#\w+)\"", asset_text("modes.js")))
    shown = dict(re.findall(r"\.mode-(\w+) \{ background: (#\w+); \}", page_asset("page.css")))
    assert shown == colours
    assert set(shown) == {*MODES, ROAD}


# Words.


def test_both_languages_say_the_same_things():
    english, chinese = (own_words()[lang] for lang in LANGUAGES)
    assert set(english) == set(chinese)
    for word, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", chinese[word])), word
        assert chinese[word], word


def said_words():
    """Words that templates and views say, and the beginnings of words that are put together."""
    literal = set(re.findall(r"say(?:\.counted)?\(\s*'([\w.-]+)'\s*[,)]", "\n".join(TEMPLATES.values())))
    for node in ast.walk(ast.parse(SOURCES.replace("from __future__ import annotations", ""))):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).rpartition(".")[2] in {"say", "_say", "counted"}
            and node.args
        ):
            first = node.args[0]
            literal |= {first.value} if isinstance(first, ast.Constant) else set()
            if isinstance(first, ast.IfExp):
                literal |= {one.value for one in (first.body, first.orelse) if isinstance(one, ast.Constant)}
    return literal


def test_every_word_that_is_said_is_there():
    for lang in LANGUAGES:
        assert said_words() - set(words_of(lang)) == set()


def test_every_own_word_is_said():
    everything = SOURCES + "\n".join(TEMPLATES.values())
    built = re.compile(
        r"(?:field|hint|problem|fault|failure|phase|job|set|upload|upload_told|short|times|file|total|nav|wrong|start|typed)_.*"
    )
    unsaid = {
        word
        for word in own_words()["en"]
        if not re.search(rf"['\"]{re.escape(word)}['\"]", everything) and not built.fullmatch(word)
    }
    assert {word for word in unsaid if not (word.endswith("_one") and word[:-4] not in unsaid)} == set()


def test_every_kind_of_fault_and_of_problem_has_a_name():
    kinds = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}
    named = {word.removeprefix("fault_") for word in own_words()["zh"] if word.startswith("fault_")}
    assert named == kinds
    problems = {word.removeprefix("problem_") for word in own_words()["en"] if word.startswith("problem_")}
    assert problems == set(KINDS)


# Contrast.


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_what_is_behind_it():
    css = asset_text("report.css") + page_asset("page.css")
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))
    for tone in ("ink", "faint", "blue", "bad", "warn", "good", "button"):
        for behind in ("#ffffff", named["wash"]):
            assert contrast(named[tone], behind) >= 4.5, (tone, behind)
    pairs = [
        ("#ffffff", "#1f2c36"),
        ("#d3dce2", "#1f2c36"),
        ("#ffffff", named["button"]),
        ("#ffd58a", "#1f2c36"),
    ]
    pairs += [
        (named["faint"], named["hair"]),
        (named["ink"], named["mark"]),
        (named["ink"], "#fdf0ee"),
        (named["blue"], "#f0f6fa"),
    ]
    pairs += re.findall(r"background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6})", page_asset("page.css"))
    for one, other in pairs:
        assert contrast(one, other) >= 4.5, (one, other)
    borders = re.findall(
        r"border: 1px solid (#[0-9a-f]{6}); border-radius: 4px; padding", page_asset("page.css")
    )
    assert borders
    assert all(contrast(border, "#ffffff") >= 3 for border in borders), "edges of fields and buttons are seen"
