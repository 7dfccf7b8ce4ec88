"""Names of the rules a plan can break, what each says, and the list findings are gathered in."""

from __future__ import annotations

from planner.errors import Finding

RULES = {
    # the plan as a whole
    "field_types": "every field holds what its class declares; numbers are whole",
    "batch_entries": "one entry per batch of the problem, in its order",
    "objective": "objective and currency are those of the terms",
    "total_cents": "money is the sum over vehicles and boxes, without penalties",
    "total_vehicle_min": "vehicle-minutes run from ready to Delivered, planned vehicles only",
    "total_penalty": "the penalty is what the terms ask for the vehicles left out",
    "total_value": "the value is cents or vehicle-minutes, whichever is the objective, plus the penalty",
    "bounds": "no bound lies above the value",
    # a batch
    "vehicle_count": "planned and unplanned vehicles are exactly those of the batch",
    "positive_numbers": "itineraries and entries of unplanned vehicles hold at least one vehicle",
    "unplanned_reason": "the reason is one of the closed list",
    "part_numbers": "equal chains of main rides have one part number, from 1 in order of appearance",
    "box_run_grouping": "itineraries share boxes just if stuffing place, boxed legs and box cents are equal",
    "box_run_vehicles": "a boxed run holds the vehicles of its itineraries",
    "box_count": "boxes are the vehicles of a run over the vehicles of a box, rounded up",
    "box_cents": "a box costs the box lines of each of its itineraries",
    # an itinerary
    "stage_order": "handling, dwell, leg; ...; handling to delivery; at least one leg",
    "stage_fields": "only rides name a service, a day and calls",
    "stage_mode": "each stage has the mode of its leg; the last handling leads to delivery",
    "clock_range": "times lie on the calendar",
    "place_continuity": "each stage starts where the one before ends; only legs move",
    "time_continuity": "each stage starts when the one before ends",
    "form_continuity": "each stage starts in the form the one before ends in; only handling changes it",
    "origin": "it starts at the origin of the batch",
    "destination": "it ends at the destination of the batch",
    "ready": "it starts when the batch is ready",
    "delivered_late": "Delivered is not after the latest time allowed",
    "outer_form": "at the origin and at delivery the form is the one the type starts in",
    "form_allowed": "the type can travel in the form",
    "stuffed_once": "cargo is stuffed at most once",
    "place_repeated": "cargo does not change hands twice at one place",
    # a leg
    "service_exists": "the service is in the network",
    "departure_exists": "the service leaves on that day",
    "ride_exists": "board and alight calls are calls of the service, in order, at different places",
    "load_allowed": "cargo may board at the board call",
    "unload_allowed": "cargo may alight at the alight call",
    "gate_time": "a ride starts at departure - cut-off",
    "free_time": "a ride ends at arrival + release",
    "service_form": "cargo rides in the form of the service",
    "bookable": "the service can be booked",
    "shipper": "the service takes goods of the shipper",
    "dangerous_goods": "the service accepts dangerous goods if the type is one",
    "vehicle_size": "height, length and mass are within the limits of the service",
    "road_exists": "there is exactly one road between the places in the form",
    "road_dispatch": "a road leaves on its dispatch grid",
    "road_time": "a road takes its travel time",
    # a change at a place
    "handling_row": "exactly one best handling row allows the change",
    "handling_time": "handling takes the time of its row",
    "gate_missed": "handling is done before the gate closes or the truck leaves",
    "max_dwell": "cargo is not held longer than storage allows",
    # money
    "price_row": "every price is there, once, and paid per a possible unit",
    "cost_lines": "the cost lines are those of the tables, line by line",
    # room
    "capacity_unit": "a boxed service counts boxes, a loose one vehicles, CEU or cubic metres",
    "capacity": "no leg of a departure carries more than its capacity, all batches together",
    "leg_uses": "exactly the limited legs that are ridden are listed, by service, day and leg",
    "leg_use_figures": "a listed leg has the right places, departure, use, capacity; no negative value",
}
"""Every rule: stable name and what it demands."""


class Findings:
    """Findings in the order in which they were made."""

    def __init__(self) -> None:
        self.list: list[Finding] = []

    def add(self, rule: str, where: str, facts: str) -> None:
        """Note that ``rule``, one of :data:`RULES`, is broken."""
        if rule not in RULES:
            raise KeyError(rule)
        self.list.append(Finding(rule=rule, where=where, facts=facts))

    def expect_equal(self, rule: str, where: str, what: str, *, stated: object, right: object) -> None:
        """Note a broken rule unless the plan states what is right."""
        if stated != right:
            self.add(rule, where, f"{what} is {stated}, not {right}")
