"""The trade's words as frozen dataclasses: no files, no graphs, no solver."""

from planner.model.batches import Batch
from planner.model.duties import Duty
from planner.model.emissions import EmissionFactor
from planner.model.ids import BatchId, PlaceId, ServiceId, VehicleTypeId
from planner.model.limits import Allotment, Closure, Throughput
from planner.model.observations import Observation
from planner.model.places import Place
from planner.model.plans import (
    Baseline,
    BatchPlan,
    BoxRun,
    Charter,
    CostLine,
    DayUse,
    DepartureShare,
    EmissionLine,
    Itinerary,
    LegUse,
    PartCharge,
    Plan,
    Remedy,
    SlotValue,
    Stage,
    Unplanned,
)
from planner.model.problem import Network, Problem, Terms
from planner.model.results import Progress, Result, SolveOptions
from planner.model.routes import LatestReady, Route, RouteAnswer, RouteQuery
from planner.model.services import Calendar, Call, DepartureException, Service
from planner.model.tariffs import Charge, Handling, Road, StorageTier, Tariff
from planner.model.vehicles import VehicleType

__all__ = [
    "Allotment",
    "Baseline",
    "Batch",
    "BatchId",
    "BatchPlan",
    "BoxRun",
    "Calendar",
    "Call",
    "Charge",
    "Charter",
    "Closure",
    "CostLine",
    "DayUse",
    "DepartureException",
    "DepartureShare",
    "Duty",
    "EmissionFactor",
    "EmissionLine",
    "Handling",
    "Itinerary",
    "LatestReady",
    "LegUse",
    "Network",
    "Observation",
    "PartCharge",
    "Place",
    "PlaceId",
    "Plan",
    "Problem",
    "Progress",
    "Remedy",
    "Result",
    "Road",
    "Route",
    "RouteAnswer",
    "RouteQuery",
    "Service",
    "ServiceId",
    "SlotValue",
    "SolveOptions",
    "Stage",
    "StorageTier",
    "Tariff",
    "Terms",
    "Throughput",
    "Unplanned",
    "VehicleType",
    "VehicleTypeId",
]
