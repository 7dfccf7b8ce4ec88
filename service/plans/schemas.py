"""Plans on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from service.plans.terms import TermsAsked
from service.schema import ExternalRef, Id, Moment, Told


class PlanAsked(TermsAsked):
    """One joint plan of the batches of a closed set."""

    batch_set_id: Id
    network_id: Id | None = Field(None, description="By default the network of the batch set.")
    external_ref: ExternalRef | None = None
    keep_plan_id: Id | None = Field(None, description="Keep what is booked in this plan, plan the rest.")
    freeze_before: Annotated[str, Field(max_length=40)] | None = Field(
        None,
        description="With keepPlanId: keep what leaves before this moment, too.",
        examples=["2027-03-08T00:00:00Z"],
    )
    slot_values: int | None = Field(
        None,
        ge=0,
        le=100,
        description="Tightest departures planned again with one more unit; 10 where proved.",
    )
    time_limit_s: int | None = Field(
        None, ge=1, description="By default the service's own, which binds no ordinary plan: see `stoppedBy`."
    )


class Progress(Told):
    """Where the solver is."""

    phase: str
    round: int = 0
    value: int | None = Field(None, description="Of the best plan so far, in the unit of the objective.")
    bound: int | None = Field(None, description="No plan can have less.")
    gap: float | None = None


class Failure(Told):
    """Why a job has no result."""

    code: str
    detail: str
    errors: list[dict[str, Any]] = Field(default_factory=list)


class JobTold(Told):
    """How far a job is; also its own status monitor."""

    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    version: int
    attempts: int
    waiting_before: int | None = Field(None, description="Own jobs that wait before this one.")
    progress: Progress | None = None
    failure: Failure | None = None
    cancel_requested: bool = False
    created_at: Moment
    started_at: Moment | None = None
    finished_at: Moment | None = None


class PlanSummary(Told):
    """What a plan comes to."""

    solution_status: Literal["OPTIMAL", "FEASIBLE"] = Field(
        description="OPTIMAL: proved to be the best one. FEASIBLE: `gap` says how far from it at most."
    )
    stopped_by: str | None = Field(description="The limit that ended the search before it was proved.")
    objective: str
    objective_unit: str
    currency: str
    cents: int = Field(description="Money spent, in hundredths of the currency.")
    grams: int = Field(description="CO2e, well to wheel.")
    value: int = Field(description="What was minimised, penalties included, in the unit of the objective.")
    bound: int | None = Field(description="No plan can have less.")
    gap: str | None = Field(description="Between value and bound, as a share: an exact decimal text.")
    absolute_gap: int | None
    totals: dict[str, int]
    num_batches: int


class PlanTold(JobTold):
    """A plan, from queued to done."""

    id: str
    external_ref: str | None = None
    batch_set_id: str
    network_id: str
    keep_plan_id: str | None = None
    plan_sha256: str | None = Field(
        None, description="As the command line shows it for the same batches and options."
    )
    summary: PlanSummary | None = Field(None, description="Once there is a plan.")
    request: dict[str, Any] | None = Field(None, description="What was asked; not in lists.")
    links: dict[str, str]


class PlanPage(Told):
    """Plans, the newest first."""

    items: list[PlanTold]
    next_cursor: str | None = None


class BatchOutcome(Told):
    """What a plan does with one batch."""

    external_ref: str
    state: Literal["planned", "partly", "unplanned"]
    changed_at: Moment = Field(
        description="When this outcome was first found, over the plans before this one."
    )
    outcome: dict[str, Any] = Field(description="As in `plan.batches` of the plan document.")


class BatchOutcomePage(Told):
    """Outcomes, in the order of the batches."""

    items: list[BatchOutcome]
    next_cursor: str | None = None


class DepartureTold(Told):
    """A departure that the plan rides."""

    service_id: str
    departure_day: str = Field(description="Scheduled local day at its first call.")
    operator: str
    product: str
    mode: str
    capacity_unit: str
    legs: list[dict[str, Any]] = Field(
        description="Legs with limited room: used, capacity, indicative value of one more unit."
    )
    charter: dict[str, Any] | None = Field(description="What was bought of it as a whole.")
    slot_value: dict[str, Any] | None = Field(description="Value of one more unit, planned again with it.")
    bookings: list[dict[str, Any]] = Field(
        description="Booking sheet: gate-in from and until, book by, boxes, batches, between two calls."
    )


class DeparturePage(Told):
    """Departures, by the time that their first cargo leaves."""

    items: list[DepartureTold]
    next_cursor: str | None = None
