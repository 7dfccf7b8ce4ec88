"""Tiny worlds written as text: the language of the scenario ladder.

A row a line, words first, then ``key=value``; prices in cents, times in hours since Monday 3 March 2025,
00:00 UTC, days as ``Mon`` .. ``Sun`` of that week or as a number of days after its Monday. What a line does
not say is free, unlimited, at once::

    service barge  plant -> port@24  leaves=Mon at=08:00 room=10 price=40
    service rail   plant -> border@10-12 -> port@20  form=boxed price=120 per=feu cutoff=2 release=1
    road    plant -> port  hours=3 every=12 first=06:00 price=5
    batch   15 car plant -> port  ready=0 due=72

Calls: ``port@24`` arrives 24 h after the first departure (``port@24/20/30``: 20 h if the journey is fast,
30 h if it is slow), ``border@10-12`` leaves at 12; calls in between are ridden through unless they end in
``*`` (loads and unloads there). Departures may be bought as a whole, changed and limited::

    service    barge plant -> port@24  leaves=Mon,Wed departure=500 module=10 module_price=100 min_load=5
    exception  barge Mon cancelled
    exception  barge Wed changed room=4 factor=3/2 shift=6
    allotment  barge Alpha 3 release=48
    closure    port Tue Thu closed spares=barge
    closure    barge Mon 9 factor 1/2
    closure    port Mon Fri extra 12
    throughput port loose 8 weekdays=Mon,Tue
    emission   road 60 per=vehicle_km region=EU year=2024

Further rows: ``place``, ``type``, ``tariff``, ``charge``, ``handling``, ``storage``, ``terms``; see the
functions below and in :mod:`tests.tiny_services` for their keys. A row about a service stands below it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from fractions import Fraction

from planner.model import (
    Allotment,
    Batch,
    BatchId,
    Charge,
    Closure,
    DepartureException,
    EmissionFactor,
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
    Throughput,
    VehicleType,
    VehicleTypeId,
)
from tests import tiny_services
from tests.tiny_words import (
    MONDAY,
    START_MIN,
    WEEKDAYS,
    Keys,
    find_day,
    find_exact,
    find_hours,
    find_int,
    hours,
    moment,
    names,
)

__all__ = ["MONDAY", "START_MIN", "WEEKDAYS", "hours", "moment", "tiny"]

KIND = "compound"
FREE_CHANGES = ("loose->loose", "boxed->boxed", "loose->boxed", "boxed->loose")


def tiny(text: str, free_changes: tuple[str, ...] = FREE_CHANGES) -> Problem:
    """World of a text; ``free_changes`` are the changes of form that every place does for nothing."""
    world = _World()
    for line in filter(str.strip, text.splitlines()):
        name, *words = line.split()
        keys = dict(word.split("=", 1) for word in words if "=" in word)
        world.read(name, [word for word in words if "=" not in word], keys)
    return world.problem(free_changes)


class _World:
    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.types = {"car": VehicleType(**_type("car", {}))}
        self.services: dict[str, Service] = {}
        self.tariffs: list[Tariff] = []
        self.charges: list[Charge] = []
        self.roads: list[Road] = []
        self.handling: list[Handling] = []
        self.storage: list[StorageTier] = []
        self.exceptions: list[DepartureException] = []
        self.throughput: list[Throughput] = []
        self.allotments: list[Allotment] = []
        self.closures: list[Closure] = []
        self.emissions: list[EmissionFactor] = []
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
            "exception": self._exception,
            "throughput": lambda words, keys: self.throughput.append(tiny_services.throughput(words, keys)),
            "allotment": self._allotment,
            "closure": lambda words, keys: self.closures.append(tiny_services.closure(words, keys)),
            "emission": lambda words, keys: self.emissions.append(tiny_services.emission(words, keys)),
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
            services={service.id: service for service in self.services.values()},
            tariffs=tuple(self.tariffs),
            charges=tuple(self.charges),
            roads=tuple(self.roads),
            handling=(*self.handling, *free),
            storage=tuple(self.storage),
            exceptions=tuple(self.exceptions),
            throughput=tuple(self.throughput),
            allotments=tuple(self.allotments),
            closures=tuple(self.closures),
            emission_factors=tuple(self.emissions),
            vehicle_types={kind.id: kind for kind in self.types.values()},
        )
        return Problem(network=network, batches=tuple(self.batches), terms=self.terms)

    def _place(self, words: list[str], keys: Keys) -> None:
        """``place NAME kind= country= region= zone=``; only where the defaults do not do."""
        (name,) = words
        self.places[name] = Place(
            id=PlaceId(name),
            name=name,
            kind=keys.pop("kind", KIND),
            country=keys.pop("country", "CN"),
            region=keys.pop("region", ""),
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
        """``service NAME A -> B@24`` and the keys of :func:`tests.tiny_services.service`.

        ``price``, ``per``, ``min`` make one freight row for each pair of open calls; no price, no row.
        """
        price = {key: keys.pop(key) for key in ("price", "per", "min") if key in keys}
        service = tiny_services.service(words, keys)
        self.services[service.id] = service
        for call in service.calls:
            self._seen(call.place)
        if "price" not in price:
            assert not price, f"service {service.id}: {price} without a price"
            return
        price.setdefault("per", "feu" if service.is_boxed else "vehicle")
        for i, board in enumerate(service.calls):
            for alight in service.calls[i + 1 :]:
                if board.load and alight.unload:
                    self._tariff([service.id, board.place, "->", alight.place], dict(price))

    def _exception(self, words: list[str], keys: Keys) -> None:
        self.exceptions.append(tiny_services.exception(words, keys, self.services[words[0]]))

    def _allotment(self, words: list[str], keys: Keys) -> None:
        self.allotments.append(tiny_services.allotment(words, keys, self.services[words[0]]))

    def _tariff(self, words: list[str], keys: Keys) -> None:
        """``tariff SERVICE A -> B charge= applies= per= price= min= first= last=``."""
        service, start, _, end = words
        self.tariffs.append(
            Tariff(
                service_id=ServiceId(service),
                from_place=PlaceId(start),
                to_place=PlaceId(end),
                charge=keys.pop("charge", "freight"),
                applies_to=keys.pop("applies", "all"),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price")),
                minimum=find_exact(keys, "min"),
                first_date=find_day(keys, "first"),
                last_date=find_day(keys, "last"),
            )
        )

    def _charge(self, words: list[str], keys: Keys) -> None:
        """``charge WHERE load|unload|pass|import|export price= per= mode= form= applies= hours=``."""
        where, when = words
        self.charges.append(
            Charge(
                place_or_country=where,
                when=when,
                mode=keys.pop("mode", ""),
                form=keys.pop("form", ""),
                applies_to=keys.pop("applies", "all"),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price", "0")),
                handling_min=hours(keys.pop("hours", "0")),
            )
        )

    def _road(self, words: list[str], keys: Keys) -> None:
        """``road A -> B hours= every= first= form= per= price= km= per_day=``; by default at midnight."""
        start, _, end = words
        form = keys.pop("form", "loose")
        self.roads.append(
            Road(
                from_place=self._seen(start),
                to_place=self._seen(end),
                form=form,
                km=int(keys.pop("km", "1")),
                travel_min=hours(keys.pop("hours")),
                departs_every_min=hours(keys.pop("every", "24")),
                first_local_time=time.fromisoformat(keys.pop("first", "00:00")),
                per=keys.pop("per", "vehicle"),
                price=Fraction(keys.pop("price", "0")),
                vehicles_per_day=find_int(keys, "per_day"),
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
        self.storage.append(
            StorageTier(
                place_or_kind=where,
                form=keys.pop("form", ""),
                from_min=hours(keys.pop("from", "0")),
                per=keys.pop("per", "vehicle"),
                price_per_day=Fraction(keys.pop("day", "0")),
                once=Fraction(keys.pop("once", "0")),
                max_dwell_min=find_hours(keys, "max"),
            )
        )

    def _batch(self, words: list[str], keys: Keys) -> None:
        """``batch 15 car A -> B ready= due= late= early= unplanned= priority= shipper= value= id=``.

        How it may be split: ``split=no`` (all or none, in one part), ``split=2`` (most parts), ``min_part=``.
        Where it goes: ``modes= not_modes= needed_modes= via= not_via=``, several with commas.
        """
        vehicles, kind, start, _, end = words
        split = keys.pop("split", "yes")
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
                late_price=find_exact(keys, "late"),
                unplanned_price=find_exact(keys, "unplanned"),
                priority=int(keys.pop("priority", "0")),
                max_parts={"yes": None, "no": 1}[split] if split in ("yes", "no") else int(split),
                all_or_none=split == "no",
                min_part=int(keys.pop("min_part", "1")),
                modes=names(keys.pop("modes", "")),
                not_modes=names(keys.pop("not_modes", "")),
                needed_modes=names(keys.pop("needed_modes", "")),
                via=tuple(map(PlaceId, names(keys.pop("via", "")))),
                not_via=names(keys.pop("not_via", "")),
                value_per_vehicle=find_exact(keys, "value"),
            )
        )

    def _terms(self, words: list[str], keys: Keys) -> None:
        """``terms cost|time|co2e|blend unplanned= carrying= max_late= day= carbon= times= today=DAY``.

        ``day`` and ``carbon`` are cents of a vehicle-day and of a tonne. Penalties: ``unplanned`` cents,
        under ``time`` ``unplanned_h`` hours, under ``co2e`` ``unplanned_g`` grams.
        """
        (objective,) = words
        self.terms = replace(
            self.terms,
            objective=objective,
            unplanned_price=Fraction(keys.pop("unplanned", self.terms.unplanned_price)),
            carrying_rate=Fraction(keys.pop("carrying", self.terms.carrying_rate)),
            max_late_min=hours(keys.pop("max_late", "1440")),
            unplanned_min=find_hours(keys, "unplanned_h") or self.terms.unplanned_min,
            unplanned_grams=find_int(keys, "unplanned_g") or self.terms.unplanned_grams,
            day_value=Fraction(keys.pop("day", "0")),
            carbon_price=Fraction(keys.pop("carbon", "0")),
            times=keys.pop("times", "typical"),
            today=find_day(keys, "today"),
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
