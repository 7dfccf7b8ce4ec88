"""What a killed process has left behind is taken away by the next one."""

from __future__ import annotations

from service.serve import own_folder
from service.settings import Settings
from tests.service.conftest import KEY
from tests.service.live import Live


def test_half_an_upload_and_the_folder_of_a_job(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_SERVER_KEY", KEY)
    upload, job = tmp_path / "uploads" / "upload-before", tmp_path / "jobs" / "job-before" / "task.json"
    for path in (upload, job):
        path.parent.mkdir(parents=True)
        path.write_text("left")
    with Live(Settings(data=tmp_path)):
        assert not upload.exists()
        assert not job.exists()


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
