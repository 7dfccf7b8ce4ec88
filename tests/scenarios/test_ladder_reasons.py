"""Reasons for leaving vehicles out: each in a world where it is true, and which comes first of several."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

BARGE = "service barge plant -> port@24 price=40"
CAR = "\nbatch 1 car plant -> port "


def reason(world: str, free_changes: tuple[str, ...] | None = None) -> str:
    """Why the only car is left out."""
    text = planned(tiny(world) if free_changes is None else tiny(world, free_changes))
    assert text.startswith("1 left out: "), text
    return text.removeprefix("1 left out: ")


def test_no_route_where_nothing_leads_there():
    assert reason("service barge port -> plant@24 price=40" + CAR) == "no_route"


def test_no_route_where_a_ride_is_not_sold():
    assert reason("service barge plant -> port@24" + CAR) == "no_route"


def test_no_route_where_a_change_is_not_possible():
    world = "service rail plant -> port@24 form=boxed price=40" + CAR
    assert reason(world, free_changes=("loose->loose", "boxed->boxed", "loose->boxed")) == "no_route"


def test_not_carried_where_the_type_is_dangerous_or_too_big():
    assert reason("type ev un=UN3556\n" + BARGE + "\nbatch 1 ev plant -> port") == "not_carried"
    for limit in ("max_height=1599", "max_length=4499", "max_mass=1499"):
        assert reason(f"{BARGE} {limit}{CAR}") == "not_carried"


def test_not_carried_where_the_service_is_of_another_shipper():
    assert reason(BARGE + " shippers=Alpha" + CAR + "shipper=Beta") == "not_carried"


def test_not_carried_where_the_form_does_not_fit():
    boxed = "type bus per_box=0\nservice rail plant -> port@24 form=boxed price=1\n"
    assert reason(boxed + "batch 1 bus plant -> port") == "not_carried"
    assert reason("type kit loose=no\n" + BARGE + "\nbatch 1 kit plant -> port") == "not_carried"


def test_banned_where_the_batch_rules_out_the_only_way():
    for wish in ("modes=rail", "not_modes=barge", "via=far", "not_via=barge", "not_via=CN", "not_via=port"):
        assert reason("place far\n" + BARGE + CAR + wish) == "banned"


def test_banned_where_the_only_way_is_a_road_ruled_out():
    assert reason("road plant -> port hours=3" + CAR + "not_modes=road") == "banned"


def test_closed_where_a_place_is_shut():
    for shut in ("plant Mon Tue", "port Tue Wed", "barge Mon Tue"):
        assert reason(f"{BARGE}\nclosure {shut} closed{CAR}") == "closed"


def test_closed_where_the_road_ends_at_a_shut_place():
    assert reason("road plant -> port hours=3\nclosure port Mon 400 closed" + CAR) == "closed"


def test_closed_where_the_departure_is_cancelled():
    assert reason(BARGE + "\nexception barge Mon cancelled" + CAR) == "closed"


def test_closed_where_the_season_is_over():
    assert reason(BARGE + CAR + "ready=200") == "closed"


def test_past_booking_where_everything_left_before_today():
    assert reason("terms cost today=Tue\n" + BARGE + CAR) == "past_booking"


def test_past_booking_where_bookings_are_closed():
    assert reason("terms cost today=Mon\n" + BARGE + " book_by=9" + CAR) == "past_booking"


def test_past_booking_where_the_gate_closed_before_today():
    assert reason("terms cost today=Mon\n" + BARGE + " cutoff=9" + CAR + "ready=-9") == "past_booking"


def test_too_late_where_the_earliest_delivery_is_after_due():
    assert reason(BARGE + CAR + "due=31") == "too_late"


def test_too_late_where_even_the_longest_lateness_is_too_short():
    assert reason("terms cost max_late=3\n" + BARGE + CAR + "due=28 late=1") == "too_late"
    assert (
        planned(tiny("terms cost max_late=4\n" + BARGE + CAR + "due=28 late=0")) == "1 barge Mon 3, 32h, 40c"
    )


def test_too_late_where_the_delay_makes_it_so():
    assert reason(BARGE + "\nclosure barge Mon Tue extra 2" + CAR + "due=33") == "too_late"


def test_too_dear_where_leaving_out_costs_no_more():
    assert reason(BARGE + CAR + "unplanned=39") == "too_dear"


def test_too_dear_where_the_late_days_make_it_so():
    # 12 h late at 100 a day
    assert reason(BARGE + CAR + "due=20 late=100 unplanned=89") == "too_dear"


def test_no_room_where_others_took_it():
    world = BARGE + " room=1\nbatch 1 car plant -> port priority=1" + CAR
    assert planned(tiny(world)) == "b1: 1 barge Mon 3, 32h, 40c\nb2: 1 left out: no_room"


def test_no_room_where_nobody_could_have_it():
    assert reason(BARGE + " room=0" + CAR) == "no_room"
    assert reason(BARGE + "\nthroughput port loose 0" + CAR) == "no_room"
    assert reason(BARGE + "\nthroughput port loose 9 weekdays=Mon" + CAR) == "no_room"
    assert reason("road plant -> port hours=3 per_day=0" + CAR) == "no_room"


def test_no_room_where_it_is_held_for_another():
    assert reason(BARGE + " room=2\nallotment barge Alpha 2" + CAR) == "no_room"


def test_no_room_where_low_water_took_it():
    assert reason(BARGE + " room=1\nclosure barge Mon Tue factor 1/2" + CAR) == "no_room"


def test_least_load_where_the_train_does_not_come_together():
    assert reason(BARGE + " min_load=2" + CAR) == "least_load"


def test_least_load_where_the_departure_does_not_pay():
    # 40 would be worth it, 40 + 70 is not
    assert reason(BARGE + " departure=70" + CAR + "unplanned=100") == "least_load"
    assert reason(BARGE + " module=3 module_price=70" + CAR + "unplanned=100") == "least_load"


def test_parts_where_not_all_can_go_together():
    world = BARGE + " room=2\nbatch 3 car plant -> port split=no"
    assert planned(tiny(world)) == "3 left out: parts"


def test_parts_where_too_many_would_be_needed():
    world = BARGE + " room=2 leaves=Mon,Tue,Wed\nbatch 5 car plant -> port split=2"
    assert planned(tiny(world)) == "2 barge Mon 3, 32h, 80c\n2 barge Tue 4, 56h, 80c\n1 left out: parts"


def test_parts_where_the_rest_is_too_small():
    world = BARGE + " room=2 leaves=Mon,Tue\nbatch 3 car plant -> port min_part=2"
    assert planned(tiny(world)) == "2 barge Mon 3, 32h, 80c\n1 left out: parts"


def test_first_reason_that_fails_is_told():
    def told(keys: str, closure: str, wish: str) -> str:
        return reason(f"""
            type ev un=UN3556
            service barge plant -> port@24 price=40 {keys}
            {closure}
            batch 1 ev plant -> port due=9 unplanned=1 {wish}
        """)

    # dangerous, banned, closed, too late and too dear; then without the first of these, and so on
    closed = "closure plant Mon Tue closed"
    assert told("", closed, "modes=rail") == "not_carried"
    assert told("dg=yes", closed, "modes=rail") == "banned"
    assert told("dg=yes", closed, "") == "closed"
    assert told("dg=yes", "", "") == "too_late"
    assert told("dg=yes", "", "due=99") == "too_dear"
