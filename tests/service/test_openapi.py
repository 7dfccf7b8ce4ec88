"""The contract as it is kept, for changes of it to be seen; and what generated clients rely on."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from service.app import create_app
from service.batch_sets.schemas import BatchAsked
from service.callers import SCOPES
from service.contract import document_text
from service.problems import KINDS
from service.settings import Settings

VERBS = (
    *("cancel", "change", "close", "create", "delete", "get", "list", "put", "resend", "revoke", "rotate"),
    *("search", "stream", "test", "upload"),
)


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("openapi")
    return create_app(Settings(data=folder)).openapi()


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_document_is_the_one_that_is_kept(document, root):
    kept = (root / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert document_text(document) == kept, "it has changed: run make openapi"


def test_every_operation_has_a_name_of_its_own_that_makes_a_good_function(document):
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    for name in names:
        assert re.fullmatch(rf"({'|'.join(VERBS)})[A-Z][A-Za-z]+", name), name


def test_every_operation_says_who_may_call_it_and_how_it_may_fail(document):
    for where, operation in operations(document):
        assert operation["tags"], where
        assert 0 < len(operation["summary"]) < 120, where
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), where
        assert {"400", "500", "503"} <= answers.keys(), where
        shown = operation.get("security", [{}])[0]
        if "apiKey" in shown:
            assert len(shown["apiKey"]) == 1, where
            assert set(shown["apiKey"]) <= set(SCOPES), where
            assert {"401", "403", "429"} <= answers.keys(), where
        for status, answer in answers.items():
            assert (int(status) < 400) or "$ref" in answer or "application/problem+json" in answer["content"]
            assert "description" in answer or "$ref" in answer


def test_names_are_in_camel_case(document):
    for where, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] != "header":
                assert re.fullmatch(r"[a-z][A-Za-z]*", parameter["name"]), where
    for name, schema in document["components"]["schemas"].items():
        for key in schema.get("properties", ()):
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", key), f"{name}.{key}"


def test_every_reference_leads_somewhere(document):
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found = document
        for step in reference.split("/"):
            found = found[step]


def test_every_kind_of_problem_stands_under_its_status(document):
    told = "".join(answer["description"] for answer in document["components"]["responses"].values())
    unheard_of = {code for code in KINDS if f"(`{code}`)" not in told}
    assert unheard_of <= {"method-not-allowed"}, "405 is of paths, not of operations"


def test_schemas_and_their_examples_are_sound(document):
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        whole = {**schema, "components": document["components"]}
        for example in schema.get("examples", ()):
            jsonschema.Draft202012Validator(whole).validate(example)
        assert "title" not in schema, name


def test_the_example_of_a_batch_is_taken(document):
    (example,) = document["components"]["schemas"]["BatchAsked"]["examples"]
    assert BatchAsked.model_validate(example).model_dump(by_alias=True, exclude_none=True) == example
