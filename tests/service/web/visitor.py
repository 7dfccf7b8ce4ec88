"""Somebody with a browser without JavaScript: follows links, sends forms, sees what HTML says."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import httpx

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect"}


class Seen(HTMLParser):
    """Elements of a page in order, with attributes and text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.open = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag, **wanted):
        return [one for one in self.elements if one[0] == tag and wanted.items() <= one[1].items()]

    def one(self, tag, **wanted):
        (found,) = self.all(tag, **wanted)
        return found

    @property
    def text(self):
        return " ".join(self.one("main")[2].split())


class Visitor:
    """A session of the page."""

    def __init__(self, live, *, enters=True):
        self.live = live
        self.client = httpx.Client(base_url=live.url, timeout=60)
        if enters:
            assert self.client.get(live.app.state.start.path).status_code == 200

    def get(self, path, status=200, **headers):
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:600])
        return answer

    def see(self, path, status=200, **headers):
        return Seen(self.get(path, status, **headers).text)

    def send(self, path, fields=None, status=303, **more):
        """Send a form; the path that it leads to, or what is seen where it leads to none."""
        answer = self.client.post(path, data=fields or {}, **more)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:600])
        return answer.headers["location"] if status == 303 else Seen(answer.text)

    def upload(self, path, content, name="batches.csv", **params):
        return self.send(path, files={"file": (name, content)}, params=params)


def check_page(seen, path):
    """What a screen reader and a keyboard need, as far as HTML tells."""
    assert seen.one("html")[1]["lang"] in {"en", "zh-Hans"}
    assert seen.one("title")[2].endswith("· landbridge")
    skip = seen.all("a", **{"class": "skip"})[0]
    assert skip[1]["href"] == "#main", path
    assert seen.one("main")[1]["id"] == "main"
    assert len(seen.all("h1")) == 1, path
    levels = [int(tag[1]) for tag, *_ in seen.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1, path
    assert all(later <= level + 1 for level, later in itertools.pairwise(levels)), (path, levels)
    ids = [attributes["id"] for _, attributes, _ in seen.elements if attributes.get("id")]
    assert len(ids) == len(set(ids)), (path, sorted(one for one in ids if ids.count(one) > 1))
    labelled = {attributes.get("for") for _, attributes, _ in seen.all("label")}
    inside = [text for _, attributes, text in seen.all("label") if "for" not in attributes]
    for tag, attributes, _ in seen.elements:
        for name in ("aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(ids), (path, attributes)
        if tag in {"input", "select", "textarea"} and attributes.get("type") != "hidden":
            named = attributes.get("id") in labelled or attributes.get("aria-label")
            assert named or attributes.get("type") == "checkbox" or (tag == "select" and inside), (
                path,
                attributes,
            )
        if tag in {"button", "a"}:
            assert attributes.get("aria-label") or _.strip(), (path, attributes)
        if tag == "th":
            assert attributes.get("scope") in {"col", "row"}, path
        assert not any(name.startswith("on") or name == "style" for name in attributes), (path, attributes)
        if attributes.get("role") == "region":
            assert attributes.get("aria-label"), path
    for tag, attributes, text in seen.all("script"):
        assert attributes["src"].startswith("/static/"), (path, tag)
        assert text == ""


def ids_of(text):
    return set(re.findall(r'\bid="([\w-]+)"', text))
