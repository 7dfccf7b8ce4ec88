"""The trade's words as frozen dataclasses: no files, no graphs, no solver."""

from planner.model.batches import Batch
from planner.model.ids import BatchId, PlaceId, ServiceId, VehicleTypeId
from planner.model.places import Place
from planner.model.plans import (
    Baseline,
    BatchPlan,
    BoxRun,
    CostLine,
    Itinerary,
    LegUse,
    Plan,
    Stage,
    Unplanned,
)
from planner.model.problem import Network, Problem, Terms
from planner.model.results import Progress, Result, SolveOptions
from planner.model.services import Calendar, Call, Service
from planner.model.tariffs import Charge, Handling, Road, StorageTier, Tariff
from planner.model.vehicles import VehicleType

__all__ = [
    "Baseline",
    "Batch",
    "BatchId",
    "BatchPlan",
    "BoxRun",
    "Calendar",
    "Call",
    "Charge",
    "CostLine",
    "Handling",
    "Itinerary",
    "LegUse",
    "Network",
    "Place",
    "PlaceId",
    "Plan",
    "Problem",
    "Progress",
    "Result",
    "Road",
    "Service",
    "ServiceId",
    "SolveOptions",
    "Stage",
    "StorageTier",
    "Tariff",
    "Terms",
    "Unplanned",
    "VehicleType",
    "VehicleTypeId",
]
