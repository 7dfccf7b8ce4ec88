"""A search in the batches of a plan: through the same text of each as the program of the page searches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.web.shown import places_of, services_of, types_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = Mapping[str, Any]


class BatchSearch:
    """Batches in which every word is found.

    Parameters
    ----------
    text
        Words between blanks; case does not matter.
    shown
        Figures of the plan, with the names of what its batches name by id.
    """

    def __init__(self, text: str, shown: Json) -> None:
        self._words = text.lower().split()
        self._places = places_of(shown)
        self._types = types_of(shown)
        self._services = services_of(shown)

    def __call__(self, document: str) -> bool:
        """Whether what a plan does with a batch is found."""
        text = "\n".join(filter(None, self._texts(json.loads(document)))).lower()
        return all(word in text for word in self._words)

    def _texts(self, batch: Json) -> Iterator[str | None]:
        """Its own names; id and names of its vehicle type, its two places, and all that it rides."""
        yield from (batch["batchId"], batch["reference"], batch["shipper"])
        for key, known in (
            ("vehicleType", self._types),
            ("origin", self._places),
            ("destination", self._places),
        ):
            yield from (batch[key], *known.get(batch[key], ()))
        for stage in (stage for one in batch["itineraries"] for stage in one["stages"]):
            if stage["kind"] == "ride" and stage["serviceId"] is not None:
                yield from (stage["serviceId"], self._services.get(stage["serviceId"]))
