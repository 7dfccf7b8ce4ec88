"""Settings: what they make of what is given."""

from __future__ import annotations

from pathlib import Path

from service.settings import Settings


def test_a_data_folder_beside_the_caller_is_kept_as_a_whole_path(tmp_path, monkeypatch):
    """The process of a job runs in a folder of its own: a path that starts here would lead nowhere there."""
    monkeypatch.chdir(tmp_path)
    assert Settings(data=Path("kept")).data == tmp_path / "kept"
    assert Settings().data == tmp_path / "landbridge-data"
