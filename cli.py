"""The command `landbridge`: parse, one call, render, exit code. Heavy imports stand inside the commands.

Results go to stdout, talk and the progress bar to stderr. Exit codes: 0 done, 1 our fault, 2 usage, 3 input
refused, 4 something unplanned under --strict, 5 a limit reached without a plan, 130 interrupted.
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import FrameType

    from rich.console import RenderableType

    from planner.model import Batch, Place, Plan, Problem, Progress, Result, Service
    from planner.reading.intake import Intake

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
    objective: Annotated[Objective, typer.Option(help="What the plan is to be best at.")] = Objective.COST,
    currency: Annotated[str, typer.Option(help="Currency of every figure.")] = "USD",
    carrying_rate: Annotated[
        str, typer.Option(metavar="SHARE", help="Price of the capital tied up on the way, a year.")
    ] = "8%",
    unplanned_price: Annotated[
        str | None,
        typer.Option(
            metavar="MONEY", help="What leaving out a vehicle of priority 0 counts; by default 20000 USD."
        ),
    ] = None,
    day_value: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Price of a vehicle-day under --objective blend.")
    ] = None,
    carbon_price: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Price of a tonne of CO2e under --objective blend.")
    ] = None,
    times: Annotated[
        Times, typer.Option(help="Arrivals to plan with: of fast, typical or slow journeys.")
    ] = Times.TYPICAL,
    today: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what can still be booked and loaded on this day."),
    ] = None,
    rates_date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Convert at the rates of this day; the newest by default."),
    ] = None,
    on_error: FaultyRows = OnError.REFUSE,
    rejected: RejectedFile = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write plan.json, plan.xlsx, assignments.csv and booking.csv here."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if a vehicle is left out.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search.")] = 1,
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
        from planner.reading.cells import parse_currency, parse_date
        from planner.reading.options import check_blend, parse_price, parse_share, terms_of
        from planner.reading.problem import read_problem
        from planner.render.document import json_text, plan_document, plan_hash
        from planner.render.folder import save_plan
        from planner.render.run_record import record_run
        from planner.render.table import plan_view
        from planner.render.words import WIDTH

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
        rates_day = given_value("--rates-date", rates_date, parse_date)
        folder = None if out is None else make_folder(out)
        problem, batches_sha256 = read_problem(
            *read_large_input(batches),
            network,
            currency,
            to_terms,
            rates_day,
            overlays=overlay or (),
            on_error=str(on_error),
            report=intake_report(batches, rejected, on_error),
        )
        explained = get_batches("--explain", problem, explain or [])
        problem, kept_plan_sha256 = keep_of(problem, keep, freeze_before)
        options = SolveOptions(seed=seed, slot_values=slot_values)
        # Last, because it loads the solver: a refused file is answered before that.
        from planner.solve import solve

        unsaved: OSError | None = None
        with interrupts() as is_interrupted:
            with progress_on_terminal() as report:
                result = solve(problem, options, progress=report, should_stop=is_interrupted)
            record = record_run(
                batches_sha256, options, kept_plan_sha256=kept_plan_sha256, rates_date=rates_day
            )
            document = plan_document(problem, result, record)
            if folder is not None:
                try:
                    save_plan(folder, problem, result.plan, document)
                except OSError as error:
                    unsaved = error  # the plan took its time: it is shown all the same
            if as_json:
                typer.echo(json_text(document))
            elif result.status == NO_PLAN_FOUND:
                talk("No plan was found before a limit was reached.")
            else:
                show(plan_view(problem, result, plan_hash(document)), WIDTH)
                show_explained(problem, result.plan, explained, below=True)
            interrupted = is_interrupted()
        if unsaved is not None:
            raise unsaved
    raise typer.Exit(to_exit_code(result, interrupted=interrupted, strict=strict))


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
    from planner.reading.files import MAX_BYTES, read_bytes

    if str(path) == STDIN:
        return read_bytes(sys.stdin.buffer, "stdin", MAX_BYTES), "stdin"
    return read_bytes(path, str(path), MAX_BYTES), str(path)


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
