"""Somebody with a browser without JavaScript: follows links, sends forms, sees what HTML says."""

from __future__ import annotations

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


def ids_of(text):
    return set(re.findall(r'\bid="([\w-]+)"', text))
