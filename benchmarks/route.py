"""Single shipments on the shipped network: our two questions beside Dijkstra's algorithm in networkx.

The earliest delivery is asked of both: of our scan, and of networkx on the time-expanded graph of the
shipment's own window, built beforehand, with all that can't be reached cut away. Storage, and with it the
longest dwell, is taken out of the tables for both, since it fits no single edge; room, handling, cut-offs,
releases and forms stay. The answers have to be equal, to the minute. The Pareto set (cost, days, CO2e, all
prices, all rules) is asked of ours alone, on the full tables, and held against what networkx takes for the
one earliest delivery.

What is timed of ours is the whole call from a shipment to its itineraries in arcs: each time for another
ready time, so that no answer is kept; timetable and prices of the class are, as the graph is for networkx.
Asked for the first time, prices and what leads where have to be worked out, too: that stands beside it.
"""

from __future__ import annotations

import gc
import json
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

import networkx as nx
import numba
import numpy as np

from benchmarks.pricing import STATES, left_state
from planner.model import Batch, Network, Terms
from planner.model.routes import RouteQuery
from planner.model.services import ORIGIN
from planner.model.vehicles import BOXED
from planner.reading.batches import read_batches
from planner.reading.tables import read_network
from planner.route import RouteDesk
from planner.solver.labels import Shipment
from planner.solver.router import Router
from planner.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "network_data" / "batches" / "month.csv"
RESULTS = ROOT / "benchmarks" / "results" / "route.json"
SAMPLE = 12
"""Shipments that networkx is asked about."""
REPEATS = 3
MOST_VEHICLES = 48
"""More seldom find room on one way."""
EARLIEST_GOAL, PARETO_GOAL, A_SECOND_GOAL = 200, 50, 40

Node = tuple[str, int, int]
SINK: Node = ("delivered", 0, 0)


def main() -> None:
    """Ask both, compare, print the table and keep the figures."""
    network = read_network()
    shipments = [
        replace(batch, vehicles=min(batch.vehicles, MOST_VEHICLES)) for batch in read_batches(MONTH, network)
    ]
    shipped, plain = router_of(network, shipments), router_of(replace(network, storage=()), shipments)
    sample = sampled(plain, shipments)
    shipped.pareto(sample[0])  # compiles, or reads the machine code from its cache
    first = [timed(lambda one=one: shipped.pareto(one)) for one in sample]
    gc.disable()
    rows = []
    for shipment in sample:
        rows.append(ask_both(plain, shipped, shipment))
        gc.collect()
    gc.enable()
    report(rows, first, *throughput(network, shipments), events=len(shipped.timetable.arrays["event_min"]))


def router_of(network: Network, shipments: list[Batch]) -> Router:
    """Router over the horizon of the shipments."""
    return Router(network, *horizon(shipments), terms=Terms())


def horizon(shipments: list[Batch]) -> tuple[int, int]:
    """From the earliest ready to the latest delivery, with a day for later ready times."""
    latest = max(map(Terms().latest_delivery_min, shipments))
    return min(batch.ready_min for batch in shipments), latest + MINUTES_PER_DAY


def sampled(router: Router, shipments: list[Batch]) -> list[Batch]:
    """Some spread over the month, each with a way in time."""
    possible = [shipment for shipment in shipments if router.scan(shipment) is not None]
    step = len(possible) / SAMPLE
    return [possible[int((number + 0.5) * step)] for number in range(SAMPLE)]


def ask_both(plain: Router, shipped: Router, shipment: Batch) -> dict[str, float]:
    """Seconds of every question about a shipment; the earliest delivery of both has to be the same."""
    graph, start, seconds = graph_of(plain, shipment)
    found = plain.scan(shipment)
    theirs, _ = nx.single_source_dijkstra(graph, start, SINK)
    if found is None or found[1] != theirs:
        raise AssertionError(f"{shipment.id}: {found} here, {theirs} in networkx")
    plain.scan(shipment)
    shipped.pareto(shipment)
    return {
        "window": best_of(lambda _: nx.single_source_dijkstra(graph, start)),
        "until": best_of(lambda _: nx.single_source_dijkstra(graph, start, SINK)),
        "earliest": best_of(lambda hours: plain.scan(later(shipment, hours))),
        "pareto": best_of(lambda hours: shipped.pareto(later(shipment, hours))),
        "ways": len(shipped.pareto(shipment)),
        "nodes": graph.number_of_nodes(),
        "build": seconds,
    }


def later(shipment: Batch, hours: int) -> Batch:
    """The shipment with another ready time."""
    return replace(shipment, ready_min=shipment.ready_min + hours * MINUTES_PER_HOUR)


def timed(call: Callable[[], object]) -> float:
    """Processor seconds of a call."""
    started = time.process_time()
    call()
    return time.process_time() - started


def best_of(call: Callable[[int], object]) -> float:
    """Least seconds of some calls, each told its number."""
    return min(timed(lambda number=number: call(number)) for number in range(1, REPEATS + 1))


def graph_of(router: Router, shipment: Batch) -> tuple[nx.DiGraph, Node, float]:
    """Time-expanded graph of a shipment's window, edges weighted in minutes; seconds it took to build."""
    started = time.process_time()
    boxed = router.others.vehicle_type_of(shipment).first_form == BOXED
    start: Node = ("a", router.timetable.num_arrivals, 1 if boxed else 0)
    graph = nx.DiGraph()
    graph.add_nodes_from([start, SINK])
    graph.add_weighted_edges_from(edges(router, shipment, start))
    reached = nx.descendants(graph, start) | {start, SINK}
    return graph.subgraph(reached).copy(), start, time.process_time() - started


def edges(router: Router, shipment: Batch, start: Node) -> Iterator[tuple[Node, Node, int]]:
    """To the first boarding of a gate in time, from boarding to boarding there, rides, roads, delivery."""
    table, arrays = router.timetable, router.timetable.arrays
    asked = router.desk.shipment(shipment)
    ready, latest = shipment.ready_min, Terms().latest_delivery_min(shipment)
    boarding_min, arrival_min = arrays["boarding_min"], arrays["arrival_min"]
    by_gate: dict[int, list[int]] = {gate: [] for gate in range(len(table.gates))}
    for boarding in np.argsort(boarding_min, kind="stable"):
        if ready <= boarding_min[boarding] <= latest:
            by_gate[int(arrays["boarding_gate"][boarding])].append(int(boarding))
    for gate, boardings in by_gate.items():
        for state in STATES[table.gates[gate][2] == BOXED]:
            for earlier, after in pairwise(boardings):
                wait = int(boarding_min[after] - boarding_min[earlier])
                yield ("b", earlier, state), ("b", after, state), wait
    yield from transfer_edges(router, shipment, asked, start, by_gate)
    for arc, pair in enumerate(arrays["arc_pair"]):
        boarding, arrival = int(arrays["arc_boarding"][arc]), int(arrays["arc_arrival"][arc])
        in_window = boarding_min[boarding] >= ready and arrival_min[arrival] <= latest
        if not (in_window and asked.pair_open[pair] and has_room(router, asked, arc)):
            continue
        ride = int(arrival_min[arrival] - boarding_min[boarding])
        for state in STATES[table.pairs[pair].form == BOXED]:
            yield ("b", boarding, state), ("a", arrival, state), ride
    for arrival in np.flatnonzero(asked.end_of[:-1] >= 0):
        hours = int(ready + asked.end_min[asked.end_of[arrival]] - arrival_min[arrival])
        for state in (0, 1, 2):
            yield ("a", int(arrival), state), SINK, hours


def has_room(router: Router, asked: Shipment, arc: int) -> bool:
    """Whether the legs of an arc, and the days it counts on, have room for the shipment."""
    arrays = router.timetable.arrays
    legs = asked.blocked[arrays["arc_leg_to"][arc]] == asked.blocked[arrays["arc_leg_from"][arc]]
    days = asked.arrival_open[arrays["arc_arrival"][arc]] and asked.boarding_open[arrays["arc_boarding"][arc]]
    return bool(legs and days)


def transfer_edges(
    router: Router, shipment: Batch, asked: Shipment, start: Node, by_gate: dict[int, list[int]]
) -> Iterator[tuple[Node, Node, int]]:
    """From every arrival, and from the start, to the first boarding of each gate once it is handled."""
    table, arrays = router.timetable, router.timetable.arrays
    boarding_min, arrival_min = arrays["boarding_min"], arrays["arrival_min"]
    ready, latest = shipment.ready_min, Terms().latest_delivery_min(shipment)
    origin = (shipment.origin, ORIGIN, router.others.vehicle_type_of(shipment).first_form, False)
    for transfer, handled_min in zip(table.transfers, asked.transfer_min.tolist(), strict=True):
        slot, gate = table.slots[transfer.slot], transfer.gate
        if (slot[1] == ORIGIN and slot != origin) or slot[0] == shipment.destination:
            continue
        times = boarding_min[by_gate[gate]]
        arrivals = [(start, ready)] if slot == origin else []
        arrivals += [
            (("a", int(arrival), state), int(arrival_min[arrival]))
            for arrival in table.slot_arrivals[transfer.slot]
            if ready <= arrival_min[arrival] <= latest
            for state in STATES[slot[2] == BOXED]
        ]
        for node, free_min in arrivals:
            place = int(np.searchsorted(times, free_min + handled_min))
            left = left_state(node[2], boxes=table.gates[gate][2] == BOXED)
            if left is not None and place < len(times):
                boarding = by_gate[gate][place]
                if slot == origin and not asked.origin_open[boarding]:
                    continue
                yield node, ("b", boarding, left), int(times[place]) - free_min


def throughput(network: Network, shipments: list[Batch]) -> tuple[float, float, float]:
    """Questions a second, one thread: search alone, with every way priced and checked; ways an answer."""
    desk = RouteDesk(network, *horizon(shipments))
    for shipment in shipments:
        desk.router.pareto(shipment)
    searched = timed(lambda: [desk.router.pareto(later(shipment, 1)) for shipment in shipments])
    some = shipments[::5]
    queries = [RouteQuery(shipment=later(one, 1), latest_ready=False) for one in some]
    desk.answer(queries[0], baseline=False)
    answers = []
    shown = timed(lambda: answers.extend(desk.answer(query, baseline=False) for query in queries))
    return len(shipments) / searched, len(some) / shown, fmean(len(answer.routes) for answer in answers)


def report(
    rows: list[dict[str, float]],
    first: list[float],
    searched: float,
    shown: float,
    ways: float,
    *,
    events: int,
) -> None:
    """Print the table and write the figures."""

    def of(name: str) -> float:
        return median(row[name] for row in rows)

    earliest, pareto = of("window") / of("earliest"), of("window") / of("pareto")
    table = [
        ("networkx, single_source_dijkstra, whole window", of("window")),
        ("networkx, the same, stopped at the first delivery", of("until")),
        ("earliest delivery, scan", of("earliest")),
        ("Pareto set, cost, days, CO2e", of("pareto")),
        ("Pareto set, shipment asked for the first time", median(first)),
    ]
    print(f"{len(rows)} shipments of {MONTH.name}, median; {events:,} events in the timetable")
    for name, seconds in table:
        print(f"{name:<52}{1000 * seconds:>10.3f} ms")
    print(f"a graph: {of('nodes'):,.0f} nodes, built in {of('build'):.1f} s (not counted)")
    print(f"earliest: {earliest:,.0f}x the whole window (goal {EARLIEST_GOAL}x), ", end="")
    print(f"{of('until') / of('earliest'):,.0f}x the one that stops")
    print(f"Pareto: {pareto:,.0f}x the whole window (goal {PARETO_GOAL}x), ", end="")
    print(f"{of('until') / of('pareto'):,.0f}x the one that stops; {of('ways'):.0f} ways")
    print(f"{searched:,.0f} Pareto sets a second; {shown:,.0f} answers a second with {ways:.1f} ways each,")
    print(f"priced line by line and checked (goal {A_SECOND_GOAL})")
    figures = {
        "shipments": len(rows),
        "events": events,
        "milliseconds": {
            "networkx_window": round(1000 * of("window"), 2),
            "networkx_until_delivered": round(1000 * of("until"), 2),
            "earliest": round(1000 * of("earliest"), 4),
            "pareto": round(1000 * of("pareto"), 4),
            "pareto_asked_first": round(1000 * median(first), 3),
        },
        "ratio": {
            "earliest_goal": EARLIEST_GOAL,
            "earliest": round(earliest, 1),
            "earliest_until_delivered": round(of("until") / of("earliest"), 1),
            "pareto_goal": PARETO_GOAL,
            "pareto": round(pareto, 1),
            "pareto_until_delivered": round(of("until") / of("pareto"), 1),
        },
        "a_second": {
            "goal": A_SECOND_GOAL,
            "pareto_sets": round(searched, 1),
            "answers_checked": round(shown, 1),
            "ways_an_answer": round(ways, 1),
        },
        "graph": {"nodes": round(of("nodes")), "build_seconds": round(of("build"), 2)},
        "versions": {
            "python": platform.python_version(),
            "networkx": nx.__version__,
            "numba": numba.__version__,
            "numpy": np.__version__,
        },
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
