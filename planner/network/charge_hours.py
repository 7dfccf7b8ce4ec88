"""Hours that charges add to handling: customs before a border is left, inspection after one is entered."""

from __future__ import annotations

from planner.model.ids import PlaceId
from planner.model.problem import Network
from planner.model.services import ORIGIN
from planner.model.tariffs import Charge
from planner.model.vehicles import VehicleType
from planner.network.rules import applies

Slot = tuple[PlaceId, str, str, bool]
"""Place, mode and form in which cargo arrives or leaves; whether that leg crosses a border of countries."""

BORDER_WHENS = ("export", "import")


class ChargeHours:
    """Charges of a network that take time."""

    def __init__(self, network: Network) -> None:
        self._places = network.places
        self._charges = [row for row in network.charges if row.handling_min and row.when != "pass"]

    @property
    def tell_borders(self) -> bool:
        """Whether it matters that a leg crosses a border."""
        return any(row.when in BORDER_WHENS for row in self._charges)

    def before_min(self, gate: Slot, vehicle_type: VehicleType, home: str) -> int:
        """Minutes added to the handling before a leg; ``home`` is the origin's country."""
        return self._sum(gate, vehicle_type, ("load", "export"), home)

    def after_min(self, slot: Slot, vehicle_type: VehicleType, market: str) -> int:
        """Minutes added to the handling after a leg; ``market`` is the destination's country.

        Cargo at its origin comes from no leg.
        """
        if slot[1] == ORIGIN:
            return 0
        return self._sum(slot, vehicle_type, ("unload", "import"), market)

    def _sum(self, end: Slot, vehicle_type: VehicleType, whens: tuple[str, str], country: str) -> int:
        if not self._charges:
            return 0
        place, mode, form, crosses = end
        here = self._places[place].country

        def is_met(row: Charge) -> bool:
            return (
                row.when in whens
                and row.mode in ("", mode)
                and row.form in ("", form)
                and row.place_or_country in (place, here)
                and applies(row.applies_to, vehicle_type)
                and (row.when not in BORDER_WHENS or (crosses and here == country))
            )

        return sum(row.handling_min for row in self._charges if is_met(row))
