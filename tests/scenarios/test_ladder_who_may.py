"""Who may use a service: dangerous goods, shippers, sizes, forms, bookable or not."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def cheap(limits: str, batch: str, kind: str = "car") -> str:
    """Plan of two cars that would take the cheap service if they were allowed to."""
    return planned(
        tiny(f"""
            type ev un=UN3556
            type suv height=1700 length=4800 mass=2150
            type truck per_box=0
            service cheap plant -> port@24 price=40 {limits}
            service dear  plant -> port@24 price=70 dg=yes
            batch 2 {kind} plant -> port {batch}
        """)
    )


CHEAP = "2 cheap Mon 3, 32h, 80c"
DEAR = "2 dear Mon 3, 32h, 140c"


def test_dangerous_goods_take_a_service_that_accepts_them():
    assert cheap("", "", "ev") == DEAR
    assert cheap("dg=yes", "", "ev") == CHEAP


def test_service_of_one_shipper_is_closed_to_others():
    assert cheap("shippers=Alpha", "shipper=Beta") == DEAR
    assert cheap("shippers=Alpha", "") == DEAR
    assert cheap("shippers=Alpha,Beta", "shipper=Beta") == CHEAP


def test_too_tall_too_long_too_heavy():
    assert cheap("max_height=1699", "", "suv") == DEAR
    assert cheap("max_length=4799", "", "suv") == DEAR
    assert cheap("max_mass=2149", "", "suv") == DEAR
    assert cheap("max_height=1700 max_length=4800 max_mass=2150", "", "suv") == CHEAP


def test_size_limits_bind_boxed_cargo_too():
    assert cheap("form=boxed max_height=1699", "", "suv") == DEAR


def test_service_that_is_not_bookable_is_never_in_a_plan():
    assert cheap("bookable=no", "") == DEAR


def test_type_that_is_never_boxed_takes_no_boxed_service():
    assert cheap("form=boxed per=vehicle", "", "truck") == DEAR
    assert cheap("form=boxed per=vehicle", "", "car") == "2 cheap Mon 3, 32h, 80c\n1 boxes, 0c"
