"""Names of the rules a plan can break, what each says, and the list findings are gathered in."""

from __future__ import annotations

from planner.errors import Finding

RULES = {
    # the plan as a whole
    "field_types": "every field holds what its class declares; numbers are whole",
    "batch_entries": "one entry per batch of the problem, in its order",
    "objective": "objective and currency are those of the terms",
    "total_cents": "money is the sum over vehicles, boxes, parts and shares, without penalties",
    "total_vehicle_min": "vehicle-minutes run from ready to Delivered, planned vehicles only",
    "total_grams": "CO2e is the sum over vehicles and boxes; none is stated where no factors are known",
    "total_blend": "under blend the days of vehicles and the CO2e of vehicles and boxes are counted in cents",
    "total_penalty": "the penalty is what the terms ask for the vehicles left out",
    "total_value": "the value is what the objective counts, plus the penalty",
    "bounds": "no bound lies above the value",
    "slot_values": "a slot is worth 0 or more, its range holds the exact value, its departure is ridden",
    # a batch
    "vehicle_count": "planned and unplanned vehicles are exactly those of the batch",
    "positive_numbers": "itineraries and entries of unplanned vehicles hold at least one vehicle",
    "unplanned_reason": "the reason is one of the closed list",
    "part_numbers": "equal chains of main rides have one part number, from 1 in order of appearance",
    "max_parts": "a batch rides in no more parts than it may be split into",
    "least_part": "a part holds at least the vehicles asked for",
    "part_charges": "each part pays the part lines of its itineraries once; by part, none of 0 cents",
    "all_or_none": "a batch that may not be split rides whole or not at all",
    "kept": "what is kept is there as it was, in the boxes it was in, and nothing else is booked",
    "box_run_grouping": "itineraries of equal stuffing place, boxed legs, box cents and booking share boxes",
    "box_run_vehicles": "a boxed run holds the vehicles of its itineraries",
    "box_count": "boxes are the vehicles of a run over the vehicles of a box, rounded up",
    "box_cents": "a box costs the box lines of each of its itineraries",
    "box_grams": "a box emits the box lines of each of its itineraries",
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
    "modes": "main rides are of the modes asked for",
    "not_modes": "no main ride, and no road, is of a mode ruled out",
    "needed_modes": "of every mode that is needed there is a main ride",
    "via": "every place asked for is ridden through or changed at",
    "not_via": "no place, country or service ruled out is met",
    # a leg
    "service_exists": "the service is in the network",
    "departure_exists": "the service leaves on that day: by calendar and exceptions, and not shut",
    "closed": "no place is closed where cargo is loaded, unloaded, carried through or trucked",
    "book_by": "bookings are still open today",
    "departed": "no gate and no truck has gone before today",
    "ride_exists": "board and alight calls are calls of the service, in order, at different places",
    "load_allowed": "cargo may board at the board call",
    "unload_allowed": "cargo may alight at the alight call",
    "gate_time": "a ride starts at the real departure - cut-off",
    "free_time": "a ride ends at the real arrival, low, typical or high, + release",
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
    "handling_time": "handling takes the time of its row and of the charges of the legs beside it",
    "gate_missed": "handling is done before the gate closes or the truck leaves",
    "max_dwell": "cargo is not held longer than storage allows",
    # money
    "price_row": "every price is there, once, and paid per a possible unit",
    "cost_lines": "the cost lines are those of the tables, line by line",
    "emission_row": "every factor and length is there, once, and per box or per vehicle",
    "emission_lines": "the CO2e of each ride and road is that of the factors",
    # room
    "capacity_unit": "a boxed service counts boxes, a loose one vehicles, CEU or cubic metres",
    "capacity": "no leg of a departure carries more than its capacity, all batches together",
    "allotments": "space under contract is not used by others before it is released",
    "leg_uses": "exactly the limited legs that are ridden are listed, by service, day and leg",
    "leg_use_figures": "a listed leg has the right places, departure, use, capacity; no negative value",
    "throughput": "no place handles more on a local day than it can, all batches together",
    "vehicles_per_day": "no road carries more vehicles on a local day than it may, boxed ones too",
    "day_uses": "exactly the limited places and roads that are used are listed, by place, form and day",
    "day_use_figures": "a listed day has the right use and capacity; no negative value",
    # departures as a whole
    "modules": "a departure has the least modules that hold its fullest leg",
    "min_load": "a departure that is not bought yet boards its least load",
    "charters": "exactly the chartered departures that are ridden are listed, by service and day",
    "charter_figures": "a listed departure boards and costs what it does",
    "departure_shares": "departure and modules are shared by units boarded, in order, none of 0 cents",
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
