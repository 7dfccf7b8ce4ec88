"""One shipment: every way that is worth choosing, in cost, days and CO2e, from the dated timetable; exact.

The search values a way in whole cents, minutes and grams. Before it is shown it is read back into stages,
priced again line by line from the tables, agreed with the search to the cent, and held against every rule
by the checker: as the plan of a single batch, or beside all that a given plan has booked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from planner.assemble import Findings, assemble, at_prices_of_today
from planner.check import check
from planner.checking.departures import Departures
from planner.clock import from_minutes
from planner.costing import Costing
from planner.errors import BrokenPlanError, Finding
from planner.model.batches import Batch
from planner.model.ids import BatchId
from planner.model.plans import Baseline, BatchPlan, DepartureShare, Plan
from planner.model.problem import COST, Network, Problem, Terms
from planner.model.routes import LatestReady, Route, RouteAnswer, RouteQuery, rank
from planner.solver.baseline import HORIZON_DAYS, Baselines, find_baselines
from planner.solver.choice import Choice
from planner.solver.out_of_time import LOOK_AHEAD_DAYS, OutOfTime, Seen
from planner.solver.room import Room
from planner.solver.router import MOST_LABELS, Found, Router
from planner.solver.ticks import Tick, no_tick
from planner.units import MINUTES_PER_DAY

LOOK_BACK_DAYS = 120
"""A latest ready time is looked for so long before due, or from the ready time asked for if earlier."""


def find_routes(
    network: Network,
    query: RouteQuery,
    *,
    terms: Terms | None = None,
    plan: tuple[Problem, Plan] | None = None,
    baseline: bool = True,
) -> RouteAnswer:
    """Answer a question about one shipment.

    Parameters
    ----------
    terms
        Currency, carrying rate, times, today; the objective does not count.
    plan
        A plan that holds, and the problem it was made for: all its itineraries have taken their room.
    baseline
        Whether the baseline is wanted.

    Raises
    ------
    BrokenPlanError
        If a way breaks a rule or costs something else than the search says: a bug of ours.
    SolverError
        If the search needs more memory than it may take.
    """
    first_min, last_min = horizon_of(query, terms or Terms(), plan)
    desk = RouteDesk(network, first_min, last_min, terms=terms, plan=plan)
    return desk.answer(query, baseline=baseline)


def horizon_of(query: RouteQuery, terms: Terms, plan: tuple[Problem, Plan] | None = None) -> tuple[int, int]:
    """Earliest ready and latest delivery that a question needs, with those of a plan."""
    shipment = query.shipment
    first_min = shipment.ready_min
    if query.has_due and query.latest_ready:
        first_min = min(first_min, shipment.due_min - LOOK_BACK_DAYS * MINUTES_PER_DAY)
    last_min = max(terms.latest_delivery_min(shipment), shipment.ready_min + HORIZON_DAYS * MINUTES_PER_DAY)
    planned = () if plan is None else plan[0].batches
    return (
        min([first_min, *(batch.ready_min for batch in planned)]),
        max([last_min, *(terms.latest_delivery_min(batch) for batch in planned)]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """What the ways of one shipment are held against: all that is planned, the shipment last."""

    problem: Problem
    room: Room
    costing: Costing
    departures: Departures
    findings: Findings


class RouteDesk:
    """Answers many questions over one timetable; see :func:`find_routes` for a single one.

    One question at a time: the searches share their buffers.

    Parameters
    ----------
    first_min, last_min
        Earliest ready and latest delivery that are asked for.
    tick
        Called between the steps of a search, many times a second; what it raises ends the question, and the
        next one may be asked.
    most_labels
        Partial ways that one search may hold at once.
    out_of_time
        That of another desk for the same tables and terms: the two keep one.
    """

    def __init__(
        self,
        network: Network,
        first_min: int,
        last_min: int,
        *,
        terms: Terms | None = None,
        plan: tuple[Problem, Plan] | None = None,
        tick: Tick = no_tick,
        most_labels: int = MOST_LABELS,
        out_of_time: OutOfTime | None = None,
    ) -> None:
        self.terms = replace(terms or Terms(), objective=COST)
        self._network = network
        self._plan = plan
        self._tick = tick
        self._planned: dict[BatchId, BatchPlan] = {}
        self._others = Problem(network=network, batches=(), terms=self.terms)
        if plan is not None:
            problem, found = plan
            self._planned = {entry.batch_id: entry for entry in found.batches}
            kept = {entry.batch_id: entry.itineraries for entry in found.batches if entry.itineraries}
            self._others = at_prices_of_today(replace(problem, terms=self.terms, kept=kept))
        self.router = Router(
            network,
            first_min,
            last_min,
            terms=self.terms,
            plan=self._others,
            tick=tick,
            most_labels=most_labels,
        )
        self.costing = Costing(self._others)
        alone = Problem(network=network, batches=(), terms=self.terms)
        self.out_of_time = out_of_time or OutOfTime(alone, one_by_one=True, tick=tick)
        self._baselines = Baselines(self.router.timetable, self.router.laid)

    def answer(self, query: RouteQuery, *, baseline: bool = True) -> RouteAnswer:
        """Answer a question; its times have to lie within the horizon."""
        shipment = query.shipment
        routes = self._routes(query)
        latest = self._latest_ready(query) if query.has_due and query.latest_ready else None
        return RouteAnswer(
            query=query,
            routes=routes,
            alternatives=self._alternatives(query, routes) if query.alternatives else (),
            latest_ready=latest,
            baseline=self._baseline(shipment) if baseline else None,
            reason="" if routes else self._why_none(shipment),
        )

    def routes(self, shipment: Batch) -> tuple[Route, ...]:
        """All that no other outdoes, cheapest first."""
        return self._checked(shipment, self.router.pareto(shipment))

    def _routes(self, query: RouteQuery) -> tuple[Route, ...]:
        return self._checked(query.shipment, _best(query, self.router.pareto(query.shipment)))

    def _alternatives(self, query: RouteQuery, routes: tuple[Route, ...]) -> tuple[Route, ...]:
        """The best way, then again and again the best of those by a chain of services not seen before."""
        chosen: list[Route] = []
        while routes and len(chosen) <= query.alternatives:
            chosen.append(min(routes, key=lambda route: route.rank(query.objective)))
            if len(chosen) <= query.alternatives:
                unwanted = [route.services for route in chosen]
                found = self.router.pareto(query.shipment, unwanted)
                best = min(found, key=lambda one: _rank(one, query.objective), default=None)
                routes = () if best is None else self._checked(query.shipment, [best])
        return tuple(chosen)

    def _latest_ready(self, query: RouteQuery) -> LatestReady:
        # What is asked says how far back is looked, not for what else the timetable was made.
        first_min = max(self.router.first_min, horizon_of(query, self.terms, self._plan)[0])
        found = self.router.latest_ready(query.shipment, first_min)
        if found is None:
            since = from_minutes(first_min)
            return LatestReady(
                ready_min=None,
                reason=f"whoever is ready since {since:%Y-%m-%d %H:%M} UTC comes too late",
                searched_from_min=first_min,
            )
        ready_min, ways = found
        asked = replace(query.shipment, ready_min=ready_min, late_price=None)
        return LatestReady(
            ready_min=ready_min,
            routes=self._checked(asked, _best(query, ways)),
            searched_from_min=first_min,
        )

    def _baseline(self, shipment: Batch) -> Baseline:
        alone = Problem(network=self._network, batches=(shipment,), terms=self.terms)
        fits = shipment.ready_min + HORIZON_DAYS * MINUTES_PER_DAY <= self.router.last_min
        return (self._baselines.find(alone) if fits else find_baselines(alone))[0]

    def _why_none(self, shipment: Batch) -> str:
        """Why nothing takes the whole shipment there in time."""
        router = self.router
        if router.scan(shipment, whatever_room=True) is None:
            ((reason, facts),) = self.out_of_time.reasons([shipment], self._look)
            return f"{reason.replace('_', ' ')}: {facts}"
        if router.scan(shipment) is not None:
            return "least load: in time, but only on departures that need a larger load"
        fewer, more = 0, shipment.vehicles
        while more - fewer > 1:
            middle = (fewer + more) // 2
            if router.scan(replace(shipment, vehicles=middle)) is None:
                more = middle
            else:
                fewer = middle
        if not fewer:
            return "no room: not even a vehicle finds room on any way that is in time"
        return f"no room: no way has room for all {shipment.vehicles:,} vehicles; {fewer:,} would find some"

    def _look(self, batch: Batch) -> Seen:
        """Earliest delivery of one vehicle within the horizon of the desk."""
        router = self.router
        last_min = min(router.last_min, batch.ready_min + max(LOOK_AHEAD_DAYS) * MINUTES_PER_DAY)
        alone = replace(batch, vehicles=1, due_min=last_min)
        walk = router.scan(alone, whatever_room=True)
        if walk is None:
            return Seen(None, last_min)
        arcs, minutes = walk
        # A walk that meets a place twice is no itinerary, and says nothing of those there are.
        return Seen(None, 0) if router.meets_twice(arcs) else Seen(batch.ready_min + minutes, last_min)

    # --- proof ------------------------------------------------------------------------------------------

    def _checked(self, shipment: Batch, found: Iterable[Found]) -> tuple[Route, ...]:
        """Ways as they are shown: priced again, agreed with the search, held against every rule."""
        ways = list(found)
        if not ways:
            return ()
        named = replace(
            shipment, id=self._free_id(shipment.id), max_parts=None, all_or_none=False, min_part=1
        )
        problem = replace(self._others, batches=(*self._others.batches, named))
        table = self.router.timetable
        load = self.router.desk.room.load
        ridden = {departure for one in ways for departure in self.router.departures_of(one)}
        ridden |= {departure for departure, row in table.boarded_row.items() if load[row]}
        room = Room(problem, table, load, departures=ridden)
        proof = _Proof(
            problem=problem,
            room=room,
            costing=Costing(problem, indexed=self.costing),
            departures=Departures(problem.network),
            findings=self._findings(problem, room),
        )
        return tuple(self._check(proof, one) for one in ways)

    def _free_id(self, wanted: BatchId) -> BatchId:
        number, free = 1, wanted
        while free in self._planned:
            number += 1
            free = BatchId(f"{wanted}-{number}")
        return free

    def _check(self, proof: _Proof, found: Found) -> Route:
        problem, room, costing = proof.problem, proof.room, proof.costing
        self._tick()
        number = len(problem.batches) - 1
        shipment = problem.batches[number]
        choice = Choice(problem)
        choice.rides[number][self.router.column(shipment, number, found)] = shipment.vehicles
        plan = assemble(problem, room, choice, proof.findings, costing)
        check(problem, plan, costing, proof.departures)
        entry = plan.batches[number]
        (itinerary,) = entry.itineraries
        charters = tuple(_charters(plan, room))
        cents = replace(entry, shares=charters).cents
        minutes = itinerary.delivered_min - shipment.ready_min
        for what, said, right in (
            ("cents", found.cents, cents),
            ("minutes", found.minutes, minutes),
            ("grams", found.grams, entry.grams),
        ):
            if said != right:
                facts = f"the search says {said} {what}, its stages say {right}"
                raise BrokenPlanError([Finding(rule="route_values", where=shipment.id, facts=facts)])
        return Route(
            itinerary=itinerary,
            box_run=entry.box_runs[0] if entry.box_runs else None,
            charters=charters,
            cents=cents,
            minutes=minutes,
            grams=entry.grams if problem.network.emission_factors else None,
            main_ride_min=costing.main_ride_min(itinerary),
        )

    def _findings(self, problem: Problem, room: Room) -> Findings:
        """What the given plan says of those whom it leaves out; nothing is said of values and bounds."""
        planned = [self._planned.get(batch.id) for batch in problem.batches]
        return Findings(
            row_values=0 * room.kept_load,
            lp_bound=None,
            bound=None,
            unplanned={
                number: entry.unplanned
                for number, entry in enumerate(planned)
                if entry is not None and entry.unplanned is not None
            },
            baselines=[Baseline(reason="not asked for")] * len(planned),
        )


def _best(query: RouteQuery, found: list[Found]) -> list[Found]:
    """As many ways as are wanted, in the order in which they are found."""
    if query.limit is None:
        return found
    best = sorted(found, key=lambda one: _rank(one, query.objective))[: query.limit]
    return [one for one in found if one in best]


def _rank(found: Found, objective: str) -> tuple[int, int, int]:
    return rank(objective, found.cents, found.minutes, found.grams)


def _charters(plan: Plan, room: Room) -> Iterable[DepartureShare]:
    """What each chartered departure costs more than what is kept has bought of it."""
    table = room.timetable
    before = {
        (table.departures[charter.departure].service.id, table.departures[charter.departure].day): charter
        for charter in room.charters
    }
    for charter in plan.charters:
        bought = before[charter.service_id, charter.departure_day]
        more = {
            "departure": 0 if bought.least_modules else charter.departure_cents,
            "module": charter.module_cents - bought.least_modules * bought.module_cents,
        }
        for kind, cents in more.items():
            if cents:
                yield DepartureShare(
                    service_id=charter.service_id, departure_day=charter.departure_day, kind=kind, cents=cents
                )
