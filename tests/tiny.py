"""Tiny worlds written as text: the language of the scenario ladder.

A row a line, words first, then ``key=value``; prices in cents, times in hours since Monday 3 March 2025,
00:00 UTC. What a line does not say is free, unlimited, at once::

    service barge  plant -> port@24  leaves=Mon at=08:00 room=10 price=40
    service rail   plant -> border@10-12 -> port@20  form=boxed price=120 per=feu cutoff=2 release=1
    road    plant -> port  hours=3 every=12 first=06:00 price=5
    batch   15 car plant -> port  ready=0 due=72

Calls: ``port@24`` arrives 24 h after the first departure, ``border@10-12`` leaves at 12; calls in between are
ridden through unless they end in ``*`` (loads and unloads there). Further rows: ``place``, ``type``,
``tariff``, ``charge``, ``handling``, ``storage``, ``terms``; see the functions below for their keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from planner.model import (
    Batch,
    BatchId,
    Calendar,
    Call,
    Charge,
    Handling,
    Network,
    Place,
    PlaceId,
    Problem,
    Road,
    Service,
    ServiceId,
    StorageTier,
    Tariff,
    Terms,
    VehicleType,
    VehicleTypeId,
)

MONDAY = date(2025, 3, 3)
START_MIN = int(datetime(2025, 3, 3, tzinfo=UTC).timestamp()) // 60
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
KIND = "compound"
FREE_CHANGES = ("loose->loose", "boxed->boxed", "loose->boxed", "boxed->loose")

Keys = dict[str, str]


def tiny(text: str, free_changes: tuple[str, ...] = FREE_CHANGES) -> Problem:
    """World of a text; ``free_changes`` are the changes of form that every place does for nothing."""
    world = _World()
    for line in filter(str.strip, text.splitlines()):
        name, *words = line.split()
        keys = dict(word.split("=", 1) for word in words if "=" in word)
        world.read(name, [word for word in words if "=" not in word], keys)
    return world.problem(free_changes)


def hours(text: str) -> int:
    """Minutes of so many hours."""
    return int(Fraction(text) * 60)


def moment(text: str) -> int:
    """Minutes since 1970 of hours since Monday 3 March 2025, 00:00 UTC."""
    return START_MIN + hours(text)


class _World:
    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.types = {"car": VehicleType(**_type("car", {}))}
        self.services: list[Service] = []
        self.tariffs: list[Tariff] = []
        self.charges: list[Charge] = []
        self.roads: list[Road] = []
        self.handling: list[Handling] = []
        self.storage: list[StorageTier] = []
        self.batches: list[Batch] = []
        self.terms = Terms()

    def read(self, name: str, words: list[str], keys: Keys) -> None:
        """Take one line; keys nobody asks for are an error of the test."""
        readers: dict[str, Callable[[list[str], Keys], None]] = {
            "place": self._place,
            "type": self._type,
            "service": self._service,
            "tariff": self._tariff,
            "charge": self._charge,
            "road": self._road,
            "handling": self._handling,
            "storage": self._storage,
            "batch": self._batch,
            "terms": self._terms,
        }
        readers[name](words, keys)
        assert not keys, f"{name} {words}: unknown {keys}"

    def problem(self, free_changes: tuple[str, ...]) -> Problem:
        kinds = sorted({place.kind for place in self.places.values()})
        free = [
            Handling(
                place_or_kind=kind,
                from_mode=before,
                to_mode=after,
                from_form=change.split("->")[0],
                to_form=change.split("->")[1],
                handling_min=0,
                per="vehicle",
                price=Fraction(0),
            )
            for kind in kinds
            for before, after in (("origin", ""), ("", ""), ("", "delivery"))
            for change in free_changes
        ]
        network = Network(
            places={place.id: place for place in self.places.values()},
            services={service.id: service for service in self.services},
            tariffs=tuple(self.tariffs),
            charges=tuple(self.charges),
            roads=tuple(self.roads),
            handling=(*self.handling, *free),
            storage=tuple(self.storage),
            vehicle_types={kind.id: kind for kind in self.types.values()},
        )
        return Problem(network=network, batches=tuple(self.batches), terms=self.terms)

    def _place(self, words: list[str], keys: Keys) -> None:
        """``place NAME kind= country= zone=``; only where the defaults do not do."""
        (name,) = words
        self.places[name] = Place(
            id=PlaceId(name),
            name=name,
            kind=keys.pop("kind", KIND),
            country=keys.pop("country", "CN"),
            lat=0.0,
            lon=0.0,
            time_zone=keys.pop("zone", "UTC"),
        )

    def _seen(self, name: str) -> PlaceId:
        if name not in self.places:
            self._place([name], {})
        return PlaceId(name)

    def _type(self, words: list[str], keys: Keys) -> None:
        """``type NAME per_box= loose=no ceu= cbm= mass= height= length= un= value=``."""
        (name,) = words
        self.types[name] = VehicleType(**_type(name, keys))

    def _service(self, words: list[str], keys: Keys) -> None:
        """``service NAME A -> B@24`` and what it is (``mode form room unit onward cutoff release``), when it
        leaves (``leaves=Mon,Thu at=08:00 until=WEEKS``), for whom (``bookable shippers dg max_height ...``).

        ``price``, ``per``, ``min`` make one freight row for each pair of open calls; no price, no row.
        """
        name, *route = words
        stops = [word for word in route if word != "->"]
        form = keys.pop("form", "loose")
        unit = keys.pop("unit", "feu" if form == "boxed" else "vehicle")
        scale = 100 if unit in ("ceu", "cbm") else 1
        onward = [int(Fraction(room) * scale) for room in keys.pop("onward", "").split(",") if room]
        cutoff, release = hours(keys.pop("cutoff", "0")), hours(keys.pop("release", "0"))
        calls = []
        for seq, stop in enumerate(stops):
            place, _, clock = stop.rstrip("*").partition("@")
            arrive, _, depart = clock.partition("-")
            last = seq == len(stops) - 1
            calls.append(
                Call(
                    seq=seq,
                    place=self._seen(place),
                    arrive_min=hours(arrive or "0"),
                    depart_min=hours(depart or arrive or "0"),
                    load=seq == 0 or (stop.endswith("*") and not last),
                    unload=last or (stop.endswith("*") and seq > 0),
                    cutoff_min=cutoff,
                    release_min=release,
                    capacity_onward=onward[seq] if seq < len(onward) else None,
                )
            )
        days = [WEEKDAYS.index(day) + 1 for day in keys.pop("leaves", "Mon").split(",")]
        weeks = int(keys.pop("until", "1"))
        calendar = Calendar(
            weekdays=tuple(days),
            local_time=time.fromisoformat(keys.pop("at", "08:00")),
            first_date=MONDAY,
            last_date=MONDAY + timedelta(days=7 * weeks - 1),
        )
        if "price" in keys:
            price = {key: keys.pop(key) for key in ("price", "per", "min") if key in keys}
            price.setdefault("per", "feu" if form == "boxed" else "vehicle")
            for i, board in enumerate(calls):
                for alight in calls[i + 1 :]:
                    if board.load and alight.unload:
                        self._tariff([name, board.place, "->", alight.place], dict(price))
        room = keys.pop("room", None)
        self.services.append(
            Service(
                id=ServiceId(name),
                name=name,
                mode=keys.pop("mode", name if name in ("rail", "barge", "roro", "truck") else "other"),
                form=form,
                capacity=None if room is None else int(Fraction(room) * scale),
                capacity_unit=unit,
                bookable=keys.pop("bookable", "yes") == "yes",
                shippers=tuple(s for s in keys.pop("shippers", "").split(",") if s),
                accepts_dg=keys.pop("dg", "no") == "yes",
                max_height_mm=_find_int(keys, "max_height"),
                max_length_mm=_find_int(keys, "max_length"),
                max_mass_kg=_find_int(keys, "max_mass"),
                calls=tuple(calls),
                calendars=(calendar,),
            )
        )

    def _tariff(self, words: list[str], keys: Keys) -> None:
        """``tariff SERVICE A -> B charge= applies= per= price= min=``."""
        service, start, _, end = words
        minimum = keys.pop("min", None)
        self.tariffs.append(
            Tariff(
                service_id=ServiceId(service),
                from_place=PlaceId(start),
                to_place=PlaceId(end),
                charge=keys.pop("charge", "freight"),
                applies_to=keys.pop("applies", "all"),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price")),
                minimum=None if minimum is None else Fraction(minimum),
            )
        )

    def _charge(self, words: list[str], keys: Keys) -> None:
        """``charge PLACE_OR_COUNTRY load|unload|pass|import|export price= per= mode= form= applies=``."""
        where, when = words
        self.charges.append(
            Charge(
                place_or_country=where,
                when=when,
                mode=keys.pop("mode", ""),
                form=keys.pop("form", ""),
                applies_to=keys.pop("applies", "all"),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price")),
            )
        )

    def _road(self, words: list[str], keys: Keys) -> None:
        """``road A -> B hours= every= first= form= per= price=``; by default at midnight."""
        start, _, end = words
        form = keys.pop("form", "loose")
        self.roads.append(
            Road(
                from_place=self._seen(start),
                to_place=self._seen(end),
                form=form,
                km=1,
                travel_min=hours(keys.pop("hours")),
                departs_every_min=hours(keys.pop("every", "24")),
                first_local_time=time.fromisoformat(keys.pop("first", "00:00")),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price", "0")),
            )
        )

    def _handling(self, words: list[str], keys: Keys) -> None:
        """``handling PLACE_OR_KIND FROM_MODE->TO_MODE loose->boxed hours= price= per=``; ``*`` = any mode."""
        where, modes, forms = words
        from_mode, to_mode = (mode.replace("*", "") for mode in modes.split("->"))
        from_form, to_form = forms.split("->")
        self.handling.append(
            Handling(
                place_or_kind=where,
                from_mode=from_mode,
                to_mode=to_mode,
                from_form=from_form,
                to_form=to_form,
                handling_min=hours(keys.pop("hours", "0")),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price", "0")),
            )
        )

    def _storage(self, words: list[str], keys: Keys) -> None:
        """``storage PLACE_OR_KIND from= day= once= per= form= max=``."""
        (where,) = words
        longest = keys.pop("max", None)
        self.storage.append(
            StorageTier(
                place_or_kind=where,
                form=keys.pop("form", ""),
                from_min=hours(keys.pop("from", "0")),
                per=keys.pop("per", "vehicle"),
                price_per_day=Fraction(keys.pop("day", "0")),
                once=Fraction(keys.pop("once", "0")),
                max_dwell_min=None if longest is None else hours(longest),
            )
        )

    def _batch(self, words: list[str], keys: Keys) -> None:
        """``batch 15 car A -> B ready= due= late= early= unplanned= priority= shipper= value= id=``."""
        vehicles, kind, start, _, end = words
        late, unplanned, value = (keys.pop(key, None) for key in ("late", "unplanned", "value"))
        self.batches.append(
            Batch(
                id=BatchId(keys.pop("id", f"b{len(self.batches) + 1}")),
                shipper=keys.pop("shipper", ""),
                origin=self._seen(start),
                destination=self._seen(end),
                vehicle_type=VehicleTypeId(kind),
                vehicles=int(vehicles),
                ready_min=moment(keys.pop("ready", "0")),
                due_min=moment(keys.pop("due", "336")),
                early_price=Fraction(keys.pop("early", "0")),
                late_price=None if late is None else Fraction(late),
                unplanned_price=None if unplanned is None else Fraction(unplanned),
                priority=int(keys.pop("priority", "0")),
                value_per_vehicle=None if value is None else Fraction(value),
            )
        )

    def _terms(self, words: list[str], keys: Keys) -> None:
        """``terms cost|time unplanned= carrying= max_late=``."""
        (objective,) = words
        self.terms = replace(
            self.terms,
            objective=objective,
            unplanned_price=Fraction(keys.pop("unplanned", self.terms.unplanned_price)),
            carrying_rate=Fraction(keys.pop("carrying", self.terms.carrying_rate)),
            max_late_min=hours(keys.pop("max_late", "1440")),
        )


def _type(name: str, keys: Keys) -> dict[str, object]:
    return {
        "id": VehicleTypeId(name),
        "name": name,
        "length_mm": int(keys.pop("length", "4500")),
        "width_mm": 1_800,
        "height_mm": int(keys.pop("height", "1600")),
        "mass_kg": int(keys.pop("mass", "1500")),
        "cbm100": int(Fraction(keys.pop("cbm", "13")) * 100),
        "ceu100": int(Fraction(keys.pop("ceu", "1")) * 100),
        "vehicles_per_feu": int(keys.pop("per_box", "3")),
        "loose_allowed": keys.pop("loose", "yes") == "yes",
        "un_number": keys.pop("un", ""),
        "typical_value_cents": Fraction(keys.pop("value", "0")),
    }


def _find_int(keys: Keys, key: str) -> int | None:
    return int(keys.pop(key)) if key in keys else None
