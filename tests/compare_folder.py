"""A small network in which rail and sea compete: the train of the tiny folder, and a car carrier."""

from __future__ import annotations

from tests.reading.network_folder import NetworkFolder

BATCHES = """\
batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due
B-1,BYD,PLANT,MARKET,SUV,10,2025-03-03,2025-05-20
B-2,BYD,PLANT,MARKET,SUV,4,2025-03-04,2025-04-02
B-3,SAIC,PLANT,MARKET,SUV,7,2025-03-04,2025-05-30
"""
"""B-2 is due before the car carrier arrives."""


def compare_folder(path) -> NetworkFolder:
    """A plant with a road to the train and one to the car carrier, both to one market."""
    folder = NetworkFolder(path)
    folder.add(
        "places",
        place_id="PORT-EU",
        name="Far port",
        kind="sea_port",
        country="DE",
        region="West",
        lat="53.5",
        lon="8.6",
        time_zone="Europe/Berlin",
    )
    folder.add(
        "services",
        service_id="SHIP",
        name="Car carrier",
        mode="roro",
        form="loose",
        capacity="60",
        capacity_unit="vehicle",
        accepts_dg="yes",
        emission_class="river",
    )
    folder.add("calls", service_id="SHIP", seq="1", place_id="PORT-SEA", depart_h="0", load="yes")
    folder.add(
        "calls",
        service_id="SHIP",
        seq="2",
        place_id="PORT-EU",
        arrive_h="900",
        unload="yes",
        km_from_previous="20000",
    )
    folder.add("calendars", service_id="SHIP", weekdays="3", local_time="20:00")
    folder.add(
        "tariffs",
        service_id="SHIP",
        from_place="PORT-SEA",
        to_place="PORT-EU",
        charge="freight",
        per="vehicle",
        price="1400",
        currency="USD",
    )
    road = {"form": "loose", "hours": "10", "per": "vehicle", "price": "100", "currency": "USD"}
    folder.add("roads", from_place="PLANT", to_place="PORT-SEA", km="900", **road)
    folder.add("roads", from_place="PORT-EU", to_place="MARKET", km="300", **road)
    handled = {"hours": "6", "price": "50", "currency": "USD"}
    for port in ("PORT-SEA", "PORT-EU"):
        folder.add(
            "handling", place_or_kind=port, from_form="loose", to_form="loose", per="vehicle", **handled
        )
    folder.add(
        "handling",
        place_or_kind="RAIL-EU",
        from_mode="rail",
        to_mode="road",
        from_form="boxed",
        to_form="loose",
        per="feu",
        **handled,
    )
    return folder
