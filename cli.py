"""The command `landbridge`: parse, one call, render, exit code. Heavy imports stand inside the commands.

Results go to stdout, talk and the progress bar to stderr. Exit codes: 0 done, 1 our fault, 2 usage, 3 input
refused, 4 something unplanned under --strict, 5 a limit reached without a plan, 6 service or database not
reachable, 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import date, timedelta
from enum import StrEnum
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from service.commands import db_app, key_app, serve, worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import FrameType

    from rich.console import RenderableType

    from planner.compare import Compared
    from planner.diff import PlanDiff
    from planner.errors import Issue
    from planner.model import (
        Batch,
        Network,
        Place,
        Plan,
        Problem,
        Progress,
        Result,
        Service,
        SolveOptions,
        Terms,
    )
    from planner.model.studies import Study
    from planner.model.sweeps import Sweep
    from planner.reading.intake import Intake
    from planner.what_if import Change

T = TypeVar("T")

OUR_FAULT, REFUSED, LEFT_OUT, NO_PLAN, INTERRUPTED = 1, 3, 4, 5, 130
STDIN = "-"

app = typer.Typer(
    name="landbridge",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
network_app = typer.Typer(no_args_is_help=True)
app.add_typer(network_app, name="network", help="Look at the network: places, services, departures.")
app.add_typer(db_app, name="db", help="The service's database: upgrade, backup, restore, verify.")
app.add_typer(key_app, name="key", help="API keys of the service, made on the server itself.")


class Objective(StrEnum):
    """What a plan is to be best at."""

    COST = "cost"
    TIME = "time"
    CO2E = "co2e"
    BLEND = "blend"


class Times(StrEnum):
    """Which arrivals to plan with."""

    LOW = "low"
    TYPICAL = "typical"
    HIGH = "high"


class RouteObjective(StrEnum):
    """What the ways of a shipment are ranked by."""

    COST = "cost"
    TIME = "time"
    CO2E = "co2e"


BatchFile = Annotated[Path, typer.Argument(metavar="BATCHES", help="File of batches; - is stdin.")]
NetworkFolder = Annotated[
    Path | None,
    typer.Option("--network", metavar="DIR", help="Folder of network tables, instead of the shipped one."),
]
Overlays = Annotated[
    list[Path] | None,
    typer.Option(
        "--overlay", metavar="DIR", help="Folder of own tables laid over the network; may be repeated."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


class OnError(StrEnum):
    """What a faulty row of a batch file means."""

    REFUSE = "refuse"
    SKIP = "skip"


class Language(StrEnum):
    """Language of headings."""

    EN = "en"
    ZH = "zh"


FaultyRows = Annotated[
    OnError, typer.Option("--on-error", help="Refuse a file with a faulty row, or skip the row and say so.")
]
RejectedFile = Annotated[
    Path | None,
    typer.Option(
        "--rejected", metavar="FILE", help="Give faulty rows back, with an error column, in their format."
    ),
]

ObjectiveOption = Annotated[Objective, typer.Option("--objective", help="What the plan is to be best at.")]
CurrencyOption = Annotated[str, typer.Option("--currency", help="Currency of every figure.")]
CarryingRate = Annotated[
    str,
    typer.Option("--carrying-rate", metavar="SHARE", help="Price of the capital tied up on the way, a year."),
]
UnplannedPrice = Annotated[
    str | None,
    typer.Option(
        "--unplanned-price",
        metavar="MONEY",
        help="What leaving out a vehicle of priority 0 counts; by default 20000 USD.",
    ),
]
DayValue = Annotated[
    str | None,
    typer.Option("--day-value", metavar="MONEY", help="Price of a vehicle-day under --objective blend."),
]
CarbonPrice = Annotated[
    str | None,
    typer.Option("--carbon-price", metavar="MONEY", help="Price of a tonne of CO2e under --objective blend."),
]
TimesOption = Annotated[
    Times, typer.Option("--times", help="Arrivals to plan with: of fast, typical or slow journeys.")
]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="Use only what can still be booked and loaded on this day."),
]
RatesDate = Annotated[
    str | None,
    typer.Option(
        "--rates-date", metavar="DATE", help="Convert at the rates of this day; the newest by default."
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the search.")]
Closed = Annotated[
    list[str] | None,
    typer.Option(
        "--close",
        metavar="PLACE:FIRST..LAST",
        help="What if: shut from FIRST until LAST, the first open day (a place or a service).",
    ),
]
Repriced = Annotated[
    list[str] | None,
    typer.Option(
        "--price", metavar="SERVICE=±%", help="What if: dearer or cheaper; a mode names all its services."
    ),
]
Resized = Annotated[
    list[str] | None,
    typer.Option("--capacity", metavar="SERVICE=N", help="What if: so much room on every departure."),
]


def show_version(wanted: bool) -> None:
    """Say the version and stop."""
    if wanted:
        from planner.render.run_record import version_of

        typer.echo(f"landbridge {version_of('landbridge')}")
        raise typer.Exit


@app.callback()
def landbridge(
    _version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Plan vehicle exports from China to Europe by rail, river, road and sea: jointly, with a proven gap."""


@app.command()
def plan(
    batches: BatchFile,
    network: NetworkFolder = None,
    overlay: Overlays = None,
    objective: ObjectiveOption = Objective.COST,
    currency: CurrencyOption = "USD",
    carrying_rate: CarryingRate = "8%",
    unplanned_price: UnplannedPrice = None,
    day_value: DayValue = None,
    carbon_price: CarbonPrice = None,
    times: TimesOption = Times.TYPICAL,
    today: Today = None,
    rates_date: RatesDate = None,
    on_error: FaultyRows = OnError.REFUSE,
    rejected: RejectedFile = None,
    close: Closed = None,
    price: Repriced = None,
    capacity: Resized = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write report.html, plan.json, .xlsx and .geojson, assignments.csv and booking.csv here.",
        ),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language that report.html opens in.")] = Language.EN,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if a vehicle is left out.")] = False,
    seed: Seed = 1,
    explain: Annotated[
        list[str] | None,
        typer.Option("--explain", metavar="BATCH", help="Show every stage and price of this batch as well."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN", help="Keep what is booked in this plan.json, plan the rest; - is stdin."
        ),
    ] = None,
    freeze_before: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="With --keep: keep what leaves before this time as well (with offset; a date is 00:00 UTC).",
        ),
    ] = None,
    slot_values: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Tightest departures planned again with one more unit; 10 where the plan is proved.",
        ),
    ] = None,
) -> None:
    """Plan a file of batches jointly, and show the plan on one screen."""
    only_one_is_stdin(batches, keep, "--keep")
    if explain and as_json:
        raise typer.BadParameter("is for the screen; --json has all of it", param_hint="--explain")
    with answering(as_json):
        from functools import partial

        from planner.model import SolveOptions
        from planner.model.results import NO_PLAN_FOUND
        from planner.render.diff import diff_document
        from planner.render.document import json_text, plan_document, plan_hash
        from planner.render.run_record import record_run
        from planner.render.table import plan_view
        from planner.render.words import WIDTH
        from planner.what_if import changed

        to_terms, rates_day = asked_terms(
            objective,
            currency,
            carrying_rate,
            unplanned_price,
            day_value,
            carbon_price,
            times,
            today,
            rates_date,
        )
        folder = None if out is None else make_folder(out)
        problem, batches_sha256 = read_batches_and_network(
            batches, network, overlay, currency, to_terms, rates_day, on_error, rejected
        )
        explained = get_batches("--explain", problem, explain or [])
        switches = list_switches(close, price, capacity)
        changes = read_switches(problem, switches)
        problem, kept_plan_sha256 = keep_of(problem, keep, freeze_before)
        options = SolveOptions(seed=seed, slot_values=slot_values)
        # Last, because it loads the solver: a refused file is answered before that.
        from planner.solve import solve

        unsaved = None
        with interrupts() as is_interrupted:
            with progress_on_terminal() as report:
                plan_it = partial(solve, options=options, progress=report, should_stop=is_interrupted)
                before = plan_it(problem) if changes else None
                problem = changed(problem, changes)
                result = plan_it(problem)
            record = record_run(
                batches_sha256,
                options,
                kept_plan_sha256=kept_plan_sha256,
                rates_date=rates_day,
                what_if=[f"{kind} {text}" for kind, text in switches],
            )
            difference = None if before is None else difference_of(problem, before, result)
            changed_by = None if difference is None else diff_document(difference)
            document = plan_document(problem, result, record, changed_by)
            if folder is not None:
                from planner.render.folder import save_plan

                unsaved = save_or_tell(partial(save_plan, folder, problem, result.plan, document, str(lang)))
            if as_json:
                typer.echo(json_text(document))
            elif result.status == NO_PLAN_FOUND:
                talk("No plan was found before a limit was reached.")
            else:
                show(plan_view(problem, result, plan_hash(document)), WIDTH)
                if difference is not None:
                    show_difference(difference, switches)
                show_explained(problem, result.plan, explained, below=True)
            interrupted = is_interrupted()
        if unsaved is not None:
            raise unsaved
    raise typer.Exit(to_exit_code(result, interrupted=interrupted, strict=strict))


@app.command()
def compare(
    batches: BatchFile,
    network: NetworkFolder = None,
    overlay: Overlays = None,
    alternative: Annotated[
        list[str] | None,
        typer.Option(
            "--alternative",
            metavar="NAME=WISHES",
            help="One more alternative, such as south=modes=rail;not-via=RU,BY (needs, via, not-modes too).",
        ),
    ] = None,
    only: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Compare these alternatives only: rail,best.")
    ] = None,
    objective: ObjectiveOption = Objective.COST,
    currency: CurrencyOption = "USD",
    carrying_rate: CarryingRate = "8%",
    unplanned_price: UnplannedPrice = None,
    day_value: DayValue = None,
    carbon_price: CarbonPrice = None,
    times: TimesOption = Times.TYPICAL,
    today: Today = None,
    rates_date: RatesDate = None,
    on_error: FaultyRows = OnError.REFUSE,
    rejected: RejectedFile = None,
    close: Closed = None,
    price: Repriced = None,
    capacity: Resized = None,
    rows: Annotated[
        int, typer.Option(min=0, help="Batches shown, those with most at stake first; 0 = all.")
    ] = 10,
    lines: Annotated[bool, typer.Option("--lines", help="Show what is paid for as well.")] = False,
    break_even: Annotated[
        bool,
        typer.Option(
            "--break-even", help="At which price of the train and value of a day each choice flips."
        ),
    ] = False,
    sweep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND=FIRST:LAST:STEP",
            help="Plan again at one amount after another: of rail-price, rail-subsidy or day-value.",
        ),
    ] = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write report.html and comparison.json here, and each plan into a folder of its name.",
        ),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language that report.html opens in.")] = Language.EN,
    seed: Seed = 1,
) -> None:
    """Plan the same batches by rail, river and sea, road and sea, and at best; hold them side by side."""
    with answering(as_json):
        from functools import partial

        from planner.comparison import hold_beside
        from planner.model import SolveOptions
        from planner.reading.wishes import read_alternatives
        from planner.render.compare import comparison_view
        from planner.render.compare_document import comparison_document
        from planner.render.document import json_text
        from planner.render.run_record import record_run
        from planner.render.words import WIDTH
        from planner.what_if import changed

        to_terms, rates_day = asked_terms(
            objective,
            currency,
            carrying_rate,
            unplanned_price,
            day_value,
            carbon_price,
            times,
            today,
            rates_date,
        )
        folder = None if out is None else make_folder(out)
        problem, batches_sha256 = read_batches_and_network(
            batches, network, overlay, currency, to_terms, rates_day, on_error, rejected
        )
        switches = list_switches(close, price, capacity)
        faults = Faults()
        asked = faults.attempt(lambda: asked_study(objective, currency, break_even, sweep or []))
        chosen = only.split(",") if only else ()
        alternatives = faults.attempt(lambda: read_alternatives(problem, alternative or (), chosen))
        changes = faults.attempt(lambda: read_switches(problem, switches))
        faults.refuse()
        options = SolveOptions(seed=seed)
        from planner.compare import compare as plan_under_each

        with interrupts() as is_interrupted:
            with progress_on_terminal() as report:
                plan_all = partial(
                    plan_under_each,
                    alternatives=alternatives,
                    options=options,
                    progress=report,
                    should_stop=is_interrupted,
                )
                without = hold_beside(plan_all(problem).plans) if changes else None
                compared = plan_all(changed(problem, changes))
                plans, freest = compared.plans, compared.freest
                studied = study_of(compared, options, asked, break_even, report, is_interrupted)
            record = record_run(
                batches_sha256,
                options,
                rates_date=rates_day,
                what_if=[" ".join(switch) for switch in switches],
            )
            found = hold_beside(plans)
            document = comparison_document(found, record, studied, without=without)
            unsaved = None
            if folder is not None:
                from planner.render.folder import save_comparison

                save = partial(save_comparison, folder, plans, freest, document, record, str(lang))
                unsaved = save_or_tell(save)
            if as_json:
                typer.echo(json_text(document))
            else:
                view = comparison_view(found, rows=rows, lines=lines, study=studied, without=without)
                show(view, WIDTH + 20)
            interrupted = is_interrupted()
        if unsaved is not None:
            raise unsaved
    raise typer.Exit(INTERRUPTED if interrupted else 0)


@app.command()
def check(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json; - is stdin.")],
    batches: Annotated[
        Path, typer.Option("--batches", metavar="FILE", help="The batches it was made for; - is stdin.")
    ],
    network: NetworkFolder = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Hold a saved plan against every rule again, with code that shares nothing with the solver."""
    only_one_is_stdin(plan, batches, "--batches")
    with answering(as_json, faults_are_the_result=True):
        from planner.check import RULES
        from planner.reading.saved import read_saved
        from planner.render.document import json_text
        from planner.render.words import count

        saved = read_saved(read_input(plan), read_input(batches), network, overlay or ())
        for note in saved.notes():
            talk(note)
        findings = saved.find_faults()
        if as_json:
            typer.echo(json_text({"findings": [asdict(finding) for finding in findings]}))
        elif findings:
            rules = len({finding.rule for finding in findings})
            lines = [*map(str, findings), f"{count(len(findings), 'fault')}, {count(rules, 'rule')} broken."]
            typer.echo("\n".join(lines))
        else:
            typer.echo(
                f"The plan holds: {count(len(RULES), 'rule')}, {count(len(saved.problem.batches), 'batch')}."
            )
    raise typer.Exit(REFUSED if findings else 0)


@app.command()
def explain(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json; - is stdin.")],
    batches: Annotated[
        Path, typer.Option("--batches", metavar="FILE", help="The batches it was made for; - is stdin.")
    ],
    batch: Annotated[list[str], typer.Option("--batch", metavar="ID", help="Which batch; may be repeated.")],
    network: NetworkFolder = None,
    overlay: Overlays = None,
) -> None:
    """Show what a saved plan does with a batch: every stage, price and reason; it has to hold first."""
    only_one_is_stdin(plan, batches, "--batches")
    with answering():
        from planner.reading.saved import read_saved

        saved = read_saved(read_input(plan), read_input(batches), network, overlay or ())
        for note in saved.notes():
            talk(note)
        found = get_batches("--batch", saved.problem, batch)
        saved.refuse_faults()
        show_explained(saved.problem, saved.plan, found)


@app.command()
def route(
    start: Annotated[str, typer.Option("--from", metavar="PLACE", help="Where the vehicles are.")],
    end: Annotated[str, typer.Option("--to", metavar="PLACE", help="Where they are wanted.")],
    vehicle_type: Annotated[str, typer.Option("--type", metavar="TYPE", help="Their vehicle type.")],
    vehicles: Annotated[str, typer.Option(metavar="N", help="How many; all go one way.")],
    ready: Annotated[
        str, typer.Option(metavar="DATE|TIME", help="Earliest gate-out, on the clock of the origin.")
    ],
    due: Annotated[
        str | None, typer.Option(metavar="DATE|TIME", help="Latest delivery, on the clock of the place.")
    ] = None,
    late_price: Annotated[
        str | None,
        typer.Option(metavar="MONEY", help="Per vehicle and day after due; without it due is hard."),
    ] = None,
    early_price: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Per vehicle and day before due.")
    ] = None,
    via: Annotated[
        list[str] | None, typer.Option(metavar="PLACE", help="To be met on the way; may be repeated.")
    ] = None,
    not_via: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Place, country or service to keep out of; may be repeated."),
    ] = None,
    modes: Annotated[
        list[str] | None, typer.Option(metavar="MODE", help="Modes of main rides; may be repeated.")
    ] = None,
    not_modes: Annotated[
        list[str] | None, typer.Option(metavar="MODE", help="Modes never ridden; may be repeated.")
    ] = None,
    shipper: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose services and space under contract may be used.")
    ] = None,
    value: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Value of a vehicle; that of the type by default.")
    ] = None,
    alternatives: Annotated[
        int, typer.Option(min=0, max=20, metavar="K", help="Show K more ways, none by the same services.")
    ] = 0,
    objective: Annotated[
        RouteObjective, typer.Option(help="What alternatives are to be best at.")
    ] = RouteObjective.COST,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="Take the room that this plan.json leaves; - is stdin."),
    ] = None,
    batches: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The batches the plan was made for; - is stdin.")
    ] = None,
    stages: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Show every stage and price of way N as well.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of every figure; USD by default.")] = None,
    carrying_rate: Annotated[
        str | None,
        typer.Option(metavar="SHARE", help="Price of the capital tied up on the way, a year; 8% by default."),
    ] = None,
    times: Annotated[
        Times | None, typer.Option(help="Arrivals to plan with: of fast, typical or slow journeys.")
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what can still be booked and loaded on this day."),
    ] = None,
    rates_date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Convert at the rates of this day; the newest by default."),
    ] = None,
    network: NetworkFolder = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Show all ways of one shipment that no other beats in cost, days and CO2e; the latest ready time."""
    own_terms = {
        "--currency": currency,
        "--carrying-rate": carrying_rate,
        "--times": times,
        "--today": today,
        "--rates-date": rates_date,
    }
    if (plan is None) != (batches is None):
        raise typer.BadParameter("--plan and --batches go together", param_hint="--plan")
    if plan is not None:
        only_one_is_stdin(plan, batches, "--batches")
        for option, given in own_terms.items():
            if given is not None:
                raise typer.BadParameter("the plan says this", param_hint=option)
    if stages is not None and as_json:
        raise typer.BadParameter("is for the screen; --json has all of it", param_hint="--stages")
    for option, price in (("--late-price", late_price), ("--early-price", early_price)):
        if price is not None and due is None:
            raise typer.BadParameter("needs --due", param_hint=option)
    with answering(as_json):
        from planner.model.problem import Problem
        from planner.model.routes import RouteQuery
        from planner.reading.shipment import read_shipment
        from planner.render.document import json_text
        from planner.render.route import route_view
        from planner.render.route_document import route_document
        from planner.render.words import ROUTE_WIDTH

        planned = None
        if plan is not None and batches is not None:
            planned = read_planned(plan, batches, network, overlay)
            tables, terms = planned[0].network, planned[0].terms
        else:
            tables, terms = route_terms(
                network,
                overlay,
                currency or "USD",
                carrying_rate or "8%",
                str(times or Times.TYPICAL),
                today,
                rates_date,
            )
        shipment, notes = read_shipment(
            tables,
            {
                "origin": start,
                "destination": end,
                "vehicle_type": vehicle_type,
                "vehicles": vehicles,
                "ready": ready,
                "due": due,
                "late_price": late_price,
                "early_price": early_price,
                "via": joined(via),
                "not_via": joined(not_via),
                "modes": joined(modes),
                "not_modes": joined(not_modes),
                "shipper": shipper,
                "value_per_vehicle": value,
            },
        )
        for note in notes:
            talk(f"note: {note}")
        query = RouteQuery(
            shipment=shipment,
            has_due=due is not None,
            alternatives=alternatives,
            objective=str(objective),
        )
        # Last, because it loads the compiled search: bad input is answered before that.
        from planner.route import find_routes

        answer = find_routes(tables, query, terms=terms, plan=planned)
        shown = Problem(network=tables, batches=(shipment,), terms=terms)
        if as_json:
            typer.echo(json_text(route_document(shown, answer, beside_plan=planned is not None)))
            return
        if stages is not None and stages > len(answer.routes):
            ways = "there is no way" if not answer.routes else f"there are {len(answer.routes)} ways"
            raise typer.BadParameter(ways, param_hint="--stages")
        show(route_view(shown, answer, beside_plan=planned is not None, stages_of=stages), ROUTE_WIDTH)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A plan.json; - is stdin.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another plan.json; - is stdin.")],
    as_json: AsJson = False,
) -> None:
    """Show what is different in a new plan: totals, and which vehicles go another way."""
    only_one_is_stdin(old, new, "NEW")
    with answering(as_json):
        from planner.reading.versions import read_diff
        from planner.render.diff import diff_document, diff_view
        from planner.render.document import json_text
        from planner.render.words import WIDTH

        found = read_diff(read_input(old), read_input(new))
        if as_json:
            typer.echo(json_text(diff_document(found)))
        else:
            show(diff_view(found), WIDTH)


@app.command()
def validate(
    batches: BatchFile,
    network: NetworkFolder = None,
    overlay: Overlays = None,
    on_error: FaultyRows = OnError.REFUSE,
    rejected: RejectedFile = None,
    as_json: AsJson = False,
) -> None:
    """Read a file of batches as `plan` does, and list every fault."""
    with answering(as_json, faults_are_the_result=True):
        from planner.reading.batches import read_intake
        from planner.reading.tables import read_network
        from planner.render.document import json_text
        from planner.render.words import count

        tables = read_network(network, overlays=overlay or ())
        tell = intake_report(batches, rejected, on_error)
        content, name = read_large_input(batches)
        intake = read_intake(BytesIO(content), tables, name)
        tell(intake)
        found = intake.accepted(str(on_error))
        vehicles = sum(batch.vehicles for batch in found)
        if as_json:
            issues, notes = ([asdict(item) for item in items] for items in (intake.issues, intake.notes))
            document = {"batches": len(found), "vehicles": vehicles, "issues": issues, "notes": notes}
            typer.echo(json_text(document))
        else:
            skipped = f"{count(len(intake.rejected), 'row')} skipped" if intake.issues else "no fault"
            typer.echo(f"{name}: {count(len(found), 'batch')}, {count(vehicles, 'vehicle')}, {skipped}.")


@app.command()
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Workbook to write.")],
    lang: Annotated[Language, typer.Option(help="Language of the headings.")] = Language.EN,
    network: NetworkFolder = None,
    overlay: Overlays = None,
) -> None:
    """Write an empty batch file: headings, an example, lists of places and types, what each column means."""
    if out.exists():
        # Somebody may have filled it in.
        raise typer.BadParameter(f"{out} is there already", param_hint="OUT.xlsx")
    with answering():
        from planner.reading.tables import read_network
        from planner.render.folder import save
        from planner.render.template import template as make_template

        save(out, make_template(read_network(network, overlays=overlay or ()), str(lang)))
        talk(f"{out}: fill in the first sheet, and leave the example out.")


app.command("serve")(serve)
app.command("worker")(worker)


@network_app.command("validate")
def validate_network(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of tables; the shipped one by default.")
    ] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Read all tables of a network, and list every fault; say which places lead nowhere."""
    with answering(as_json, faults_are_the_result=True):
        from planner.network.map_graph import MapGraph
        from planner.reading.tables import read_network
        from planner.render.document import json_text
        from planner.render.words import count

        tables = read_network(folder, overlays=overlay or ())
        numbers = {
            "place": len(tables.places),
            "service": len(tables.services),
            "tariff": len(tables.tariffs),
            "road": len(tables.roads),
            "vehicle type": len(tables.vehicle_types),
        }
        warnings = MapGraph(tables).faults().sentences()
        if as_json:
            document = {"rows": numbers, "sha256": tables.digest, "issues": [], "warnings": warnings}
            typer.echo(json_text(document))
        else:
            listed = ", ".join(count(number, noun) for noun, number in numbers.items())
            typer.echo(f"{folder or 'shipped network'}: {listed}, no fault.\nnetwork {tables.digest}")
            for warning in warnings:
                typer.echo(f"warning: {warning}")


@network_app.command("backtest")
def backtest_network(
    network: NetworkFolder = None, overlay: Overlays = None, as_json: AsJson = False
) -> None:
    """Hold the tables against published days, prices and lengths of journeys."""
    with answering(as_json):
        from planner.backtest import backtest
        from planner.reading.tables import read_network
        from planner.render.backtest import backtest_document, backtest_view
        from planner.render.document import json_text
        from planner.render.network_table import WIDTH

        comparisons = backtest(read_network(network, overlays=overlay or ()))
        if as_json:
            typer.echo(json_text(backtest_document(comparisons, "USD")))
        elif comparisons:
            show(backtest_view(comparisons, "USD"), WIDTH + 20)
        else:
            typer.echo("The network has no observations to hold it against.")


@network_app.command("provenance")
def trace_network(network: NetworkFolder = None, overlay: Overlays = None, as_json: AsJson = False) -> None:
    """Count which rows are sourced, derived or estimated, by what grade of source, and how old."""
    with answering(as_json):
        from planner.provenance import trace_tables
        from planner.reading.tables import read_network
        from planner.render.document import json_text
        from planner.render.provenance import provenance_document, provenance_view
        from planner.render.words import WIDTH

        tables = trace_tables(read_network(network, overlays=overlay or ()))
        if as_json:
            typer.echo(json_text(provenance_document(tables)))
        else:
            show(provenance_view(tables), WIDTH)


@network_app.command("show")
def show_network(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[PLACE|SERVICE]", help="Id or name; without one, what there is."),
    ] = None,
    network: NetworkFolder = None,
    overlay: Overlays = None,
) -> None:
    """Show a place or a service with all that is known of it."""
    with answering():
        from planner.reading.names import get_by_name
        from planner.reading.tables import read_network
        from planner.render.network_table import WIDTH, named_view, network_view

        tables = read_network(network, overlays=overlay or ())
        if name is None:
            show(network_view(tables), WIDTH)
        else:
            things: list[Place | Service] = [*tables.places.values(), *tables.services.values()]
            show(named_view(tables, get_by_name("PLACE|SERVICE", things, name)), WIDTH)


@network_app.command("departures")
def show_departures(
    service: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="Id or name; all services by default.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="PLACE", help="Boarding here.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="PLACE", help="Alighting here.")] = None,
    first: Annotated[
        str | None, typer.Option(metavar="DATE", help="First local day; today by default.")
    ] = None,
    last: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last local day; two weeks by default.")
    ] = None,
    network: NetworkFolder = None,
    overlay: Overlays = None,
) -> None:
    """List dated departures: gate-in, departure, arrival, room."""
    with answering():
        from planner.reading.cells import parse_date
        from planner.reading.names import get_by_name
        from planner.reading.tables import read_network
        from planner.render.network_table import WIDTH, departures_view

        today = date.today()  # noqa: DTZ011 - the user's own day
        first_day = today if first is None else option_value("--first", first, parse_date)
        fortnight = first_day + timedelta(days=13)
        last_day = fortnight if last is None else option_value("--last", last, parse_date)
        if last_day < first_day:
            raise typer.BadParameter(f"{last_day} is before {first_day}", param_hint="--last")
        tables = read_network(network, overlays=overlay or ())
        places, services = list(tables.places.values()), list(tables.services.values())
        show(
            departures_view(
                tables,
                service=None if service is None else get_by_name("SERVICE", services, service),
                start=None if start is None else get_by_name("--from", places, start),
                end=None if end is None else get_by_name("--to", places, end),
                first_day=first_day,
                last_day=last_day,
            ),
            WIDTH,
        )


@network_app.command("map")
def map_network(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Page to write (.html), or features (.geojson, .json)."),
    ] = None,
    geojson: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the features here (.geojson, .json).")
    ] = None,
    land: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="GeoJSON areas of your own base map; - is stdin."),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the page.")] = Language.EN,
    network: NetworkFolder = None,
    overlay: Overlays = None,
) -> None:
    """Draw places, services and roads: one page without outside links, or GeoJSON."""
    page, features = map_files(out, geojson)
    with answering():
        from planner.network.sea_lanes import SeaLanes
        from planner.reading.land import read_land
        from planner.reading.tables import read_network
        from planner.render.folder import save
        from planner.render.geojson import geojson_text
        from planner.render.map_html import network_map, shipped_land
        from planner.render.network_features import network_features
        from planner.render.words import count

        tables = read_network(network, overlays=overlay or ())
        shipped = shipped_land()
        base = shipped if land is None else read_land(*read_large_input(land))
        lanes = SeaLanes(shipped)
        for path in features:
            save(path, geojson_text(network_features(tables, lanes)))
        for path in page:
            save(path, network_map(tables, lanes, base, str(lang)))
        drawn = {"place": len(tables.places), "service": len(tables.services), "road": len(tables.roads)}
        talk(", ".join(count(number, noun) for noun, number in drawn.items()) + " drawn.")
        typer.echo("\n".join(map(str, (*page, *features))))


@contextmanager
def answering(as_json: bool = False, *, faults_are_the_result: bool = False) -> Iterator[None]:
    """Turn what a command raises into words and an exit code; bad input never shows a traceback."""
    from planner.errors import BrokenPlanError, InputError, PlannerError

    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except InputError as error:
        from planner.render.document import json_text
        from planner.render.words import count

        if as_json:
            issues = [asdict(issue) for issue in error.issues]
            typer.echo(json_text({"error": {"code": error.code, "issues": issues}}))
        else:
            lines = [*map(str, error.issues), f"{count(len(error.issues), 'fault')}: refused."]
            typer.echo("\n".join(lines), err=not faults_are_the_result)
        raise typer.Exit(REFUSED) from None
    except BrokenPlanError as error:
        talk(f"{error}\nThe plan breaks its own rules and is not shown; this is a fault of landbridge.")
        raise typer.Exit(OUR_FAULT) from None
    except PlannerError as error:
        talk(f"{error.code}: {error}")
        raise typer.Exit(OUR_FAULT) from None
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        talk(f"{error.filename or 'standard output'}: {error.strerror}")
        if not error.filename:
            # What stdout still holds can't be written when the process ends, either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(OUR_FAULT) from None
    except KeyboardInterrupt:
        talk("Interrupted; nothing more is shown or saved.")
        raise typer.Exit(INTERRUPTED) from None


class Faults:
    """Those of several readings, told at once."""

    def __init__(self) -> None:
        self._issues: list[Issue] = []

    def attempt(self, read: Callable[[], Sequence[T]]) -> Sequence[T]:
        """What is read; nothing if it is refused."""
        from planner.errors import InputError

        try:
            return read()
        except InputError as error:
            self._issues += error.issues
            return ()

    def refuse(self) -> None:
        """Refuse all that were found."""
        from planner.errors import InputError

        if self._issues:
            raise InputError(self._issues)


@contextmanager
def interrupts() -> Iterator[Callable[[], bool]]:
    """Give a question "was Ctrl-C pressed?", so that the best plan so far survives; twice ends at once."""
    asked = False

    def note(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        talk("Stopping with the best plan so far; Ctrl-C again to stop at once.")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def progress_on_terminal() -> AbstractContextManager[Callable[[Progress], None] | None]:
    """A progress bar on stderr; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    from planner.render.progress import progress_bar

    return progress_bar(Console(stderr=True))


def option_value(option: str, text: str, parse: Callable[[str], T]) -> T:
    """Value of an option; text that is none is an error of usage."""
    from planner.reading.cells import CellError

    try:
        return parse(text)
    except CellError as error:
        raise typer.BadParameter(f"{text!r} {error}", param_hint=option) from None


def given_value(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    """Value of an option that may be left out."""
    return None if text is None else option_value(option, text, parse)


def read_input(path: Path) -> tuple[bytes, str]:
    """Bytes of a file or of stdin, and how faults call it."""
    from planner.reading.files import read_bytes

    if str(path) == STDIN:
        return read_bytes(sys.stdin.buffer, "stdin"), "stdin"
    return read_bytes(path, str(path)), str(path)


def only_one_is_stdin(first: Path, second: Path | None, hint: str) -> None:
    """Refuse two files that are both stdin."""
    if str(first) == str(second) == STDIN:
        raise typer.BadParameter("only one of the two files can be stdin", param_hint=hint)


def asked_terms(
    objective: Objective,
    currency: str,
    carrying_rate: str,
    unplanned_price: str | None,
    day_value: str | None,
    carbon_price: str | None,
    times: Times,
    today: str | None,
    rates_date: str | None,
) -> tuple[Callable[[Network], Terms], date | None]:
    """Terms that the options ask for, once the network is read, and the day of its rates."""
    from functools import partial

    from planner.reading.cells import parse_currency, parse_date
    from planner.reading.options import check_blend, parse_price, parse_share, terms_of

    option_value("--objective", str(objective), lambda name: check_blend(name, day_value, carbon_price))
    to_terms = partial(
        terms_of,
        objective=str(objective),
        currency=option_value("--currency", currency, parse_currency),
        carrying_rate=option_value("--carrying-rate", carrying_rate, parse_share),
        unplanned_price=given_value("--unplanned-price", unplanned_price, parse_price),
        day_value=given_value("--day-value", day_value, parse_price),
        carbon_price=given_value("--carbon-price", carbon_price, parse_price),
        times=str(times),
        today=given_value("--today", today, parse_date),
    )
    return to_terms, given_value("--rates-date", rates_date, parse_date)


def read_batches_and_network(
    batches: Path,
    network: Path | None,
    overlay: list[Path] | None,
    currency: str,
    to_terms: Callable[[Network], Terms],
    rates_day: date | None,
    on_error: OnError,
    rejected: Path | None,
) -> tuple[Problem, str]:
    """The problem that the files and options make, and the SHA-256 of the batch file."""
    from planner.reading.problem import read_hashed_problem

    return read_hashed_problem(
        *read_large_input(batches),
        network,
        currency,
        to_terms,
        rates_day,
        overlays=overlay or (),
        on_error=str(on_error),
        report=intake_report(batches, rejected, on_error),
    )


def asked_study(objective: Objective, currency: str, break_even: bool, sweep: list[str]) -> Sequence[Sweep]:
    """Sweeps that the options ask for; nothing is weighed against money under an objective without it."""
    from planner.reading.sweeps import read_sweeps

    if (break_even or sweep) and objective not in (Objective.COST, Objective.BLEND):
        hint = "--sweep" if sweep else "--break-even"
        raise typer.BadParameter(f"--objective {objective} counts no money", param_hint=hint)
    return read_sweeps(sweep, currency)


def study_of(
    compared: Compared,
    options: SolveOptions,
    sweeps: Sequence[Sweep],
    break_even: bool,
    report: Callable[[Progress], None] | None,
    is_interrupted: Callable[[], bool],
) -> Study | None:
    """What is asked beside of the freest plan; ``None`` if nothing is."""
    from planner.study import study

    if not sweeps and not break_even:
        return None
    return study(
        compared.plans[compared.freest].alternative.name,
        compared.founds[compared.freest],
        options,
        sweeps=sweeps,
        break_even=break_even,
        progress=report,
        should_stop=is_interrupted,
    )


def list_switches(
    close: list[str] | None, price: list[str] | None, capacity: list[str] | None
) -> list[tuple[str, str]]:
    """What-if switches, each its kind and its text."""
    from planner.reading.what_if import CAPACITY, CLOSE, PRICE

    given = {CLOSE: close, PRICE: price, CAPACITY: capacity}
    return [(kind, text) for kind, texts in given.items() for text in texts or ()]


def read_switches(problem: Problem, switches: list[tuple[str, str]]) -> Sequence[Change]:
    """Changes that the what-if switches ask for."""
    from planner.reading.what_if import read_changes

    return read_changes(problem.network, switches)


def difference_of(problem: Problem, before: Result, result: Result) -> PlanDiff:
    """What is different in a plan from the one without the what-if switches."""
    from planner.diff import Version, compare

    due_min = {batch.id: batch.due_min for batch in problem.batches}
    return compare(Version(plan=before.plan, due_min=due_min), Version(plan=result.plan, due_min=due_min))


def save_or_tell(save: Callable[[], None]) -> OSError | None:
    """Save; what went wrong is given back: the plan took its time and is shown all the same."""
    try:
        save()
    except OSError as error:
        return error
    return None


def show_difference(found: PlanDiff, switches: list[tuple[str, str]]) -> None:
    """Draw what the what-if switches change."""
    from planner.render.diff import diff_view
    from planner.render.words import WIDTH

    listed = ", ".join(f"{kind} {text}" for kind, text in switches)
    typer.echo(f"\nWhat if {listed}: old is without, new is with")
    show(diff_view(found), WIDTH)


def keep_of(problem: Problem, keep: Path | None, freeze_before: str | None) -> tuple[Problem, str]:
    """Problem in which some of a saved plan is kept, and the SHA-256 of its file; without one, as it was."""
    from planner.reading.kept import read_kept
    from planner.reading.moments import parse_instant

    freeze_min = given_value("--freeze-before", freeze_before, parse_instant)
    if keep is not None:
        return read_kept(problem, *read_input(keep), freeze_min)
    if freeze_before is not None:
        raise typer.BadParameter("needs --keep", param_hint="--freeze-before")
    return problem, ""


def joined(items: list[str] | None) -> str | None:
    """Values of an option that may be repeated, as a cell of a batch file holds them."""
    return ";".join(items) if items else None


def route_terms(
    folder: Path | None,
    overlays: list[Path] | None,
    currency: str,
    carrying_rate: str,
    times: str,
    today: str | None,
    rates_date: str | None,
) -> tuple[Network, Terms]:
    """Tables and terms of a route from the options; bad ones are errors of usage."""
    from planner.reading.cells import parse_currency, parse_date
    from planner.reading.options import parse_share, terms_of
    from planner.reading.tables import read_network

    rates_day = given_value("--rates-date", rates_date, parse_date)
    code = option_value("--currency", currency, parse_currency)
    rate = option_value("--carrying-rate", carrying_rate, parse_share)
    day = given_value("--today", today, parse_date)
    tables = read_network(folder, code, rates_day, overlays=overlays or ())
    terms = terms_of(
        tables,
        objective="cost",
        currency=code,
        carrying_rate=rate,
        unplanned_price=None,
        times=times,
        today=day,
    )
    return tables, terms


def read_planned(
    plan: Path, batches: Path, network: Path | None, overlay: list[Path] | None
) -> tuple[Problem, Plan]:
    """A saved plan and its problem; it has to hold."""
    from planner.reading.saved import read_saved

    saved = read_saved(read_input(plan), read_input(batches), network, overlay or ())
    for note in saved.notes():
        talk(note)
    saved.refuse_faults()
    return saved.problem, saved.plan


def get_batches(option: str, problem: Problem, names: list[str]) -> list[Batch]:
    """Batches of ids that a person typed."""
    from planner.reading.names import get_batch

    return [get_batch(option, problem.batches, name) for name in names]


def make_folder(path: Path) -> Path:
    """Make the folder for results, before the work that fills it."""
    from planner.render import folder

    try:
        return folder.make_folder(path)
    except OSError as error:
        reason = f"no file can be written there: {error.strerror}"
        raise typer.BadParameter(f"{path}: {reason}", param_hint="--out") from None


def map_files(out: Path | None, geojson: Path | None) -> tuple[list[Path], list[Path]]:
    """Pages and files of features to write, told apart by how their names end."""
    pages, features = (".html", ".htm"), (".geojson", ".json")
    if out is None and geojson is None:
        raise typer.BadParameter("name a file to write, such as map.html", param_hint="--out")
    if out is not None and out.suffix.lower() not in {*pages, *features}:
        raise typer.BadParameter(
            f"{out} ends in none of {', '.join((*pages, *features))}", param_hint="--out"
        )
    if geojson is not None and geojson.suffix.lower() not in features:
        raise typer.BadParameter(f"{geojson} ends in none of {', '.join(features)}", param_hint="--geojson")
    named = [path for path in (out, geojson) if path is not None]
    return (
        [path for path in named if path.suffix.lower() in pages],
        [path for path in named if path.suffix.lower() in features],
    )


def to_exit_code(result: Result, *, interrupted: bool, strict: bool) -> int:
    """Exit code of a plan."""
    from planner.model.results import NO_PLAN_FOUND

    if interrupted:
        return INTERRUPTED
    if result.status == NO_PLAN_FOUND:
        return NO_PLAN
    return LEFT_OUT if strict and any(entry.unplanned for entry in result.plan.batches) else 0


def show(view: RenderableType, width: int) -> None:
    """Draw on stdout: as wide as the terminal, or ``width`` columns of plain text where there is none."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console(highlight=False).print(view)
        return
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(view)
    typer.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def show_explained(problem: Problem, plan: Plan, batches: list[Batch], *, below: bool = False) -> None:
    """Draw what a plan does with some batches; ``below`` something else, an empty line comes first."""
    if not batches:
        return
    from planner.explain import list_other_ways
    from planner.render.explain import explain_view
    from planner.render.words import WIDTH

    for number, batch in enumerate(batches):
        if number or below:
            typer.echo()
        show(explain_view(problem, plan, batch.id, list_other_ways(problem, plan, batch.id)), WIDTH)


def read_large_input(path: Path) -> tuple[bytes, str]:
    """Bytes of a batch file or base map, and how faults call it; one too large is not read to its end."""
    from planner.reading.files import read_bytes
    from planner.reading.intake_limits import DEFAULT_LIMITS

    if str(path) == STDIN:
        return read_bytes(sys.stdin.buffer, "stdin", DEFAULT_LIMITS.file_bytes), "stdin"
    return read_bytes(path, str(path), DEFAULT_LIMITS.file_bytes), str(path)


def intake_report(batches: Path, rejected: Path | None, on_error: OnError) -> Callable[[Intake], None]:
    """What is done with a batch file that was read, before its faults are raised: notes, rows given back."""
    if rejected is not None and rejected.exists() and batches.exists() and rejected.samefile(batches):
        raise typer.BadParameter("is the batch file itself", param_hint="--rejected")

    def report(intake: Intake) -> None:
        from planner.render.folder import save
        from planner.render.rejected import rejected_file
        from planner.render.words import count

        for note in intake.notes:
            talk(f"note: {note}")
        if rejected is not None:
            save(rejected, rejected_file(intake))
        if on_error == OnError.SKIP and intake.issues and intake.is_whole and intake.batches:
            talk("\n".join([*map(str, intake.issues), f"{count(len(intake.rejected), 'row')} skipped."]))

    return report


def talk(text: str) -> None:
    """Say something that is no result."""
    typer.echo(text, err=True)


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a Chinese character shows a question mark instead of failing.
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
