"""The short form of the fuzzer: a service is asked, and the desk alone."""

from __future__ import annotations

from tests.faults.fuzz_targets import desk_alone, serving
from tests.faults.fuzz_upload import draw, fuzz
from tests.faults.mutations import batch_seeds, network_seeds


def test_a_service_answers_files_that_chance_has_changed(tmp_path, seed):
    with serving(tmp_path) as service:
        tally = fuzz(service, 250, seed)
    assert tally.misses == []
    assert not tally.is_missed, tally.told()


def test_the_desk_answers_files_that_chance_has_changed(seed):
    with desk_alone() as desk:
        tally = fuzz(desk, 250, seed + 1)
    assert tally.misses == []
    assert not tally.is_missed, tally.told()


def test_the_same_seed_draws_the_same_files(seed):
    seeds = {"batches": batch_seeds(), "network": network_seeds()}
    drawn = [draw(seed, number, seeds) for number in range(50)]
    assert drawn == [draw(seed, number, seeds) for number in range(50)]
    assert len({content for _, content, _ in drawn}) > 40
