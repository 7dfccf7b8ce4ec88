"""Which itineraries a search may leave out: those that another beats in all that counts."""

from __future__ import annotations

from dataclasses import replace

from planner.solver.columns import Column
from planner.solver.search import without_dominated
from tests.solver.rig import rig
from tests.tiny import tiny


def column(
    arc: int, cents: int, minutes: int, *, run: tuple[object, ...] | None = None, leg: int = 0
) -> Column:
    return Column(
        batch=0,
        arcs=(arc,),
        vehicle_cents=cents,
        box_cents=0,
        minutes=minutes,
        vehicle_rows=((leg, 1),),
        box_rows=(),
        run=run,
    )


def test_dominated_itineraries_go_and_only_they():
    cheap, quick, middle = column(1, 10, 90), column(2, 90, 10), column(3, 50, 50)
    worse, equal = column(4, 60, 50), column(5, 50, 50)
    elsewhere, in_a_box = column(6, 95, 95, leg=1), column(7, 95, 95, run=("plant", 3))
    world = "terms time\nservice line plant -> port@24 price=1\nbatch 4 car plant -> port"
    given = [worse, quick, middle, elsewhere, cheap, in_a_box, equal]
    made = rig(tiny(world))
    kept = without_dominated(given, made.goal, made.parts)
    assert set(kept) in (
        {cheap, quick, middle, elsewhere, in_a_box},
        {cheap, quick, equal, elsewhere, in_a_box},
    )
    made = rig(tiny(world.replace("time", "cost")))
    assert set(without_dominated(given, made.goal, made.parts)) == {cheap, elsewhere, in_a_box}


def test_itinerary_of_a_part_that_pays_once_is_compared_within_its_part_alone():
    cheap, dear, other, free = (column(arc, cents, 90) for arc, cents in ((1, 10), (2, 20), (3, 30), (4, 40)))
    first, second = ((0, 0, 1),), ((0, 0, 2),)
    given = [
        replace(cheap, chain=first, part_prices=(500,)),
        replace(dear, chain=first, part_prices=(500,)),
        replace(other, chain=second, part_prices=(5, 5)),
        free,
    ]
    made = rig(tiny("service line plant -> port@24 price=1\nbatch 4 car plant -> port"))
    kept = without_dominated(given, made.goal, made.parts)
    assert set(kept) == {given[0], given[2], free}


def test_itinerary_of_another_part_is_not_dominated_where_parts_are_limited():
    cheap, dear = column(1, 10, 90), column(2, 20, 90)
    chains = replace(cheap, chain=((0, 0, 1),)), replace(dear, chain=((0, 0, 2),))
    for limit, kept in (("", 1), ("split=2", 2), ("split=no", 2), ("min_part=2", 2)):
        made = rig(
            tiny(f"""
                service line plant -> port@24 price=1
                batch 4 car plant -> port {limit}
            """)
        )
        assert len(without_dominated(list(chains), made.goal, made.parts)) == kept, limit
