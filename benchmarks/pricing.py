"""Pricing all sources of the month: the shipped kernel beside Dijkstra's algorithm in networkx.

One run, one timetable. The kernel prices every source as the planner does: storage tiers, handling, boxes
shared by a full group, and the cheapest itinerary of every batch recovered and priced line by line. networkx
gets the easier question: the prices of rides and roads alone, on a graph of the source's own window that is
built beforehand and holds nothing that can't be reached in time or form. Asked the same easy question, the
kernel must answer the same: the cost of every arrival, in whole cents, in every state.

Only ratios count: both sides are timed on the same machine in turns, the kernel compiled before, networkx at
its best of three. Python's collector of cycles rests meanwhile: it would walk over the graphs again and
again and make networkx look slower than it is.
"""

from __future__ import annotations

import gc
import json
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

import networkx as nx
import numba
import numpy as np

from planner.model import Network, Problem
from planner.model.services import ORIGIN
from planner.model.vehicles import BOXED, LOOSE
from planner.network.fares import CLOSED
from planner.network.lay_out import timetable_of
from planner.network.timetable import FORM_NUMBER, Timetable
from planner.reading.batches import read_batches
from planner.reading.tables import read_network
from planner.solver.delivery import SCALE, Weights
from planner.solver.kernel import INFINITE
from planner.solver.pricing import Pricer, Source

ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "network_data" / "batches" / "month.csv"
RESULTS = ROOT / "benchmarks" / "results" / "pricing.json"
SAMPLE = 12
"""Sources that networkx is timed on; the others are scaled from these."""
REPEATS = 3
GOAL = 50
"""The shipped kernel is to be this many times faster per source."""
STATES = {False: (0, 2), True: (1,)}
"""What cargo can have been through when it arrives loose (never boxed, was boxed) or boxed."""
WHOLE_CENTS = Weights(cents=1, minutes=0)

Node = tuple[str, int, int]
"""``a`` (arrival) or ``b`` (waiting at a gate for a boarding), its number, its state."""


@dataclass(frozen=True)
class Window:
    """The graph of one source: what it can reach between ready and the latest delivery of its batches."""

    source: Source
    stop_min: int
    start: Node
    graph: nx.DiGraph
    build_seconds: float


@dataclass(frozen=True)
class Figures:
    """What networkx took for one source, in seconds, and the size of its graph."""

    paths: float
    predecessors: float
    values: float
    build: float
    nodes: int
    edges: int
    compared: int


def main() -> None:
    """Time both, compare every value, print the table and keep the figures."""
    network = read_network()
    batches = read_batches(MONTH, network)
    shipped = rig(Problem(network=network, batches=batches))
    plain = rig(Problem(network=plain_prices(network), batches=batches))
    price_all(shipped)  # compiles the kernel, or reads it from its cache, before anything is timed
    step = len(plain.sources) / SAMPLE
    sample = [plain.sources[int((number + 0.5) * step)] for number in range(SAMPLE)]
    kernel: list[float] = []
    kernel_values: list[float] = []
    windows: list[Figures] = []
    gc.disable()
    for source in sample:
        kernel.append(timed(lambda: price_all(shipped)) / len(shipped.sources))
        kernel_values.append(timed(lambda: sweep_all(plain)) / len(plain.sources))
        windows.append(time_networkx(plain, source))
        gc.collect()
    report(shipped, windows, median(kernel), median(kernel_values))


def time_networkx(pricer: Pricer, source: Source) -> Figures:
    """Build the graph of one source, compare all its values, time three calls that answer the question."""
    window = window_of(pricer, source)
    graph, start = window.graph, window.start
    return Figures(
        paths=best_of(lambda: nx.single_source_dijkstra(graph, start)),
        predecessors=best_of(lambda: nx.dijkstra_predecessor_and_distance(graph, start)),
        values=best_of(lambda: nx.single_source_dijkstra_path_length(graph, start)),
        build=window.build_seconds,
        nodes=graph.number_of_nodes(),
        edges=graph.number_of_edges(),
        compared=assert_same_values(pricer, window),
    )


def rig(problem: Problem) -> Pricer:
    """Timetable and pricer of a problem."""
    return Pricer(problem, timetable_of(problem), everywhere=True)


def plain_prices(network: Network) -> Network:
    """The same timetable and handling hours; only rides and roads have a price."""
    return replace(
        network,
        charges=(),
        storage=(),
        handling=tuple(replace(row, price=Fraction(0)) for row in network.handling),
    )


def price_all(pricer: Pricer) -> None:
    """What one round of pricing does: a sweep per source, the cheapest itinerary of every batch."""
    weights = Weights(cents=SCALE, minutes=0)
    for source in pricer.sources:
        prices = pricer.sweep(source, source.vehicles_per_feu, weights)
        for batch in source.batches:
            pricer.recover(batch, source.vehicles_per_feu, weights, prices, int(INFINITE) - 1)


def sweep_all(pricer: Pricer) -> None:
    """Values of all arrivals, no itineraries."""
    for source in pricer.sources:
        pricer.sweep(source, source.vehicles_per_feu, WHOLE_CENTS)


def timed(call: Callable[[], object]) -> float:
    """Processor seconds of a call; both sides use one thread, and what else runs does not count."""
    started = time.process_time()
    call()
    return time.process_time() - started


def best_of(call: Callable[[], object]) -> float:
    """Least seconds of some calls in a row, the graph still warm in the caches: networkx at its best."""
    return min(timed(call) for _ in range(REPEATS))


def window_of(pricer: Pricer, source: Source) -> Window:
    """Build the time-expanded graph of one source, cut to what can be reached in its window."""
    started = time.process_time()
    stop_min = max(
        pricer.problem.terms.latest_delivery_min(pricer.problem.batches[batch]) for batch in source.batches
    )
    start: Node = ("a", pricer.timetable.num_arrivals, FORM_NUMBER[BOXED] if source.boxed_from_origin else 0)
    graph = nx.DiGraph()
    graph.add_node(start)
    graph.add_weighted_edges_from(edges(pricer.timetable, source, start, stop_min))
    graph = graph.subgraph(nx.descendants(graph, start) | {start}).copy()
    return Window(source, stop_min, start, graph, time.process_time() - started)


def edges(table: Timetable, source: Source, start: Node, stop_min: int) -> Iterator[tuple[Node, Node, int]]:
    """Handling to the first boarding of a gate in time, waiting there for later ones, rides and roads.

    Waiting is one edge from boarding to boarding of a gate, so that the edges grow with the events and not
    with their pairs: the leanest graph there is for this question.
    """
    arrays = table.arrays
    boarding_min, arrival_min = arrays["boarding_min"], arrays["arrival_min"]
    by_gate: dict[int, list[int]] = {gate: [] for gate in range(len(table.gates))}
    for boarding in np.argsort(boarding_min, kind="stable"):
        if source.ready_min <= boarding_min[boarding] <= stop_min:
            by_gate[int(arrays["boarding_gate"][boarding])].append(int(boarding))
    for gate, boardings in by_gate.items():
        for state in STATES[table.gates[gate][2] == BOXED]:
            for earlier, later in pairwise(boardings):
                yield ("b", earlier, state), ("b", later, state), 0
    yield from transfer_edges(table, source, start, stop_min, by_gate)
    price = source.fares.group_pairs(source.vehicles_per_feu)
    for arc, pair in enumerate(arrays["arc_pair"]):
        boarding, arrival = int(arrays["arc_boarding"][arc]), int(arrays["arc_arrival"][arc])
        in_window = boarding_min[boarding] >= source.ready_min and arrival_min[arrival] <= stop_min
        if in_window and price[pair] < CLOSED:
            for state in STATES[table.pairs[pair].form == BOXED]:
                yield ("b", boarding, state), ("a", arrival, state), int(price[pair])


def transfer_edges(
    table: Timetable, source: Source, start: Node, stop_min: int, by_gate: dict[int, list[int]]
) -> Iterator[tuple[Node, Node, int]]:
    """From every arrival, and from the start, to the first boarding of each gate once it is handled."""
    boarding_min, arrival_min = table.arrays["boarding_min"], table.arrays["arrival_min"]
    origin = (source.origin, ORIGIN, BOXED if source.boxed_from_origin else LOOSE, False)
    gate_times = {gate: boarding_min[boardings] for gate, boardings in by_gate.items()}
    for transfer, handled_min in zip(table.transfers, source.fares.transfer_min, strict=True):
        slot, times = table.slots[transfer.slot], gate_times[transfer.gate]
        arrivals = [(start, source.ready_min)] if slot == origin else []
        arrivals += [
            (("a", int(arrival), state), int(arrival_min[arrival]))
            for arrival in table.slot_arrivals[transfer.slot]
            if source.ready_min <= arrival_min[arrival] <= stop_min
            for state in STATES[slot[2] == BOXED]
        ]
        for node, free_min in arrivals:
            place = int(np.searchsorted(times, free_min + int(handled_min)))
            left = left_state(node[2], boxes=table.gates[transfer.gate][2] == BOXED)
            if left is not None and place < len(times):
                yield node, ("b", by_gate[transfer.gate][place], left), 0


def left_state(state: int, *, boxes: bool) -> int | None:
    """State after leaving boxed or loose; cargo is stuffed at most once."""
    if boxes:
        return None if state == 2 else 1
    return 2 if state == 1 else state


def assert_same_values(pricer: Pricer, window: Window) -> int:
    """Hold the kernel's values of every arrival in the window against networkx; how many there are.

    Raises
    ------
    AssertionError
        If one differs, by however little, or is reached by only one of the two.
    """
    costs = nx.single_source_dijkstra_path_length(window.graph, window.start)
    source = window.source
    pricer.sweep(source, source.vehicles_per_feu, WHOLE_CENTS)
    arrived = pricer._work.arrived  # noqa: SLF001 - the values themselves are what is compared
    times = pricer.timetable.arrays["arrival_min"]
    compared = 0
    for arrival in np.flatnonzero((times >= source.ready_min) & (times <= window.stop_min)):
        for state in range(source.num_states):
            ours = int(arrived[arrival, state])
            theirs = costs.get(("a", int(arrival), state))
            if (None if ours >= INFINITE else ours) != theirs:
                raise AssertionError(f"arrival {arrival}, state {state}: {ours} here, {theirs} in networkx")
            compared += theirs is not None
    ends = [pricer.ends[batch] for batch in source.batches]
    delivered = sum(int((arrived[end.arrival, end.state] < INFINITE).sum()) for end in ends)
    if not delivered:
        raise AssertionError(f"nothing reaches the destinations of the source at {source.origin}")
    return compared


def report(pricer: Pricer, windows: list[Figures], kernel: float, kernel_values: float) -> None:
    """Print the table and write the figures."""
    number = len(pricer.sources)
    paths, predecessors, values, build, nodes, arcs = (
        fmean(getattr(window, name) for window in windows)
        for name in ("paths", "predecessors", "values", "build", "nodes", "edges")
    )
    compared = sum(window.compared for window in windows)
    rows = [
        ("kernel, all prices, itineraries", kernel, None),
        ("networkx single_source_dijkstra", paths, kernel),
        ("networkx dijkstra_predecessor_and_distance", predecessors, kernel),
        ("kernel, plain prices, values only", kernel_values, None),
        ("networkx ..._dijkstra_path_length", values, kernel_values),
    ]
    print(f"{number} sources of {MONTH.name}; networkx on {len(windows)} of them, scaled to all")
    print(f"{'':<44}{'ms a source':>13}{'all, s':>9}{'ratio':>9}")
    for name, seconds, ours in rows:
        ratio = "" if ours is None else f"{seconds / ours:.0f}x"
        print(f"{name:<44}{1000 * seconds:>13.2f}{seconds * number:>9.2f}{ratio:>9}")
    print(f"a graph: {nodes:,.0f} nodes, {arcs:,.0f} edges, built in {1000 * build:.0f} ms (not counted)")
    verdict = "met" if paths / kernel >= GOAL else "MISSED"
    print(f"equal at all {compared:,} arrivals that are reached; goal {GOAL}x: {verdict}")
    figures = {
        "sources": number,
        "sampled_sources": len(windows),
        "arrivals_compared": compared,
        "milliseconds_a_source": {
            "kernel_all_prices_and_itineraries": round(1000 * kernel, 3),
            "kernel_plain_values": round(1000 * kernel_values, 3),
            "networkx_paths": round(1000 * paths, 1),
            "networkx_predecessors": round(1000 * predecessors, 1),
            "networkx_values": round(1000 * values, 1),
        },
        "ratio": {
            "goal": GOAL,
            "paths": round(paths / kernel, 1),
            "predecessors": round(predecessors / kernel, 1),
            "values": round(values / kernel_values, 1),
        },
        "graph": {
            "nodes": round(nodes),
            "edges": round(arcs),
            "build_milliseconds": round(1000 * build),
        },
        "timetable": {
            "events": len(pricer.timetable.arrays["event_min"]),
            "transfers": len(pricer.timetable.transfers),
        },
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
