"""Settings: what they make of what is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.serve import only_process
from service.settings import Settings, SettingsError


def test_a_data_folder_beside_the_caller_is_kept_as_a_whole_path(tmp_path, monkeypatch):
    """The process of a job runs in a folder of its own: a path that starts here would lead nowhere there."""
    monkeypatch.chdir(tmp_path)
    assert Settings(data=Path("kept")).data == tmp_path / "kept"
    assert Settings().data == tmp_path / "landbridge-data"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lease_s": 9.9, "heartbeat_s": 5}, "less than twice"),
        ({"database": "sqlite://"}, "names no file"),
        ({"database": "sqlite:///:memory:"}, "names no file"),
        ({"database": "mysql://host/name"}, "write postgresql://"),
        ({"names": "plan.example.org:8443"}, "the host alone"),
        ({"names": "https://plan.example.org"}, "the host alone"),
        ({"names": "[2001:db8::1]:80"}, "the host alone"),
    ],
)
def test_what_would_not_work_is_refused_at_the_start(given, words):
    with pytest.raises(ValidationError, match=words):
        Settings(**given)


def test_what_just_works_is_taken():
    assert Settings(lease_s=10, heartbeat_s=5).lease_s == 10
    assert Settings(names="plan.example.org, 2001:db8::1").names == ("plan.example.org", "2001:db8::1")


def test_one_file_has_one_process_whatever_folder_the_other_one_has(tmp_path):
    one = Settings(data=tmp_path / "one")
    other = Settings(data=tmp_path / "other", database=one.database_url)
    for first, second in ((one, other), (other, one)):
        with (
            only_process(first),
            pytest.raises(SettingsError, match="one is served already"),
            only_process(second),
        ):
            pass
