"""What a killed process has left behind is taken away by the next one."""

from __future__ import annotations

import io
import zipfile

import pytest

from service.jobs.inputs import unpack
from service.serve import own_folder
from service.settings import Settings
from tests.service.conftest import KEY
from tests.service.live import Live


def test_half_an_upload_half_a_network_and_the_folder_of_a_job(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_SERVER_KEY", KEY)
    left = [
        tmp_path / "uploads" / "upload-before",
        tmp_path / "uploads" / "network-before" / "places.csv",
        tmp_path / "jobs" / "job-before" / "task.json",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left")
    with Live(Settings(data=tmp_path)):
        assert not [path for path in left if path.exists()]
        assert list((tmp_path / "uploads").iterdir()) == []


def test_half_an_unpacked_network(tmp_path):
    """It would take what room is left, again with every try."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("places.csv", "whole")
        archive.writestr("roads.csv", "damaged")
    content = packed.getvalue().replace(b"damaged", b"DAMAGED", 1)
    with pytest.raises(zipfile.BadZipFile):
        unpack(content, tmp_path / "networks" / "net_1")
    assert list((tmp_path / "networks").iterdir()) == []


def test_the_folder_of_a_worker_that_is_gone_but_not_of_one_at_work(tmp_path):
    with own_folder(tmp_path) as at_work:
        at_work.mkdir()
        gone = tmp_path / "worker-gone"
        gone.mkdir()
        gone.with_suffix(".lock").touch()
        with own_folder(tmp_path) as another:
            assert another != at_work
            assert at_work.exists()
            assert not gone.exists()
    assert list(tmp_path.iterdir()) == []
