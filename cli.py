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

    from planner.model import Place, Progress, Result, Service
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


class OnError(StrEnum):
    """What a faulty row of a batch file means."""

    REFUSE = "refuse"
    SKIP = "skip"


class Language(StrEnum):
    """Language of headings."""

    EN = "en"
    ZH = "zh"


BatchFile = Annotated[Path, typer.Argument(metavar="BATCHES", help="File of batches; - is stdin.")]
NetworkFolder = Annotated[
    Path | None,
    typer.Option("--network", metavar="DIR", help="Folder of network tables, instead of the shipped one."),
]
WhenFaulty = Annotated[
    OnError, typer.Option("--on-error", help="refuse the file for a faulty row, or skip such rows.")
]
Rejected = Annotated[
    Path | None,
    typer.Option("--rejected", metavar="FILE", help="Give faulty rows back here, with a column of errors."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


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
    on_error: WhenFaulty = OnError.REFUSE,
    rejected: Rejected = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write plan.json and assignments.csv here.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if a vehicle is left out.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search.")] = 1,
) -> None:
    """Plan a file of batches jointly, and show the plan on one screen."""
    with answering(as_json):
        from functools import partial

        from planner.model import SolveOptions
        from planner.model.results import NO_PLAN_FOUND
        from planner.reading.cells import parse_currency
        from planner.reading.options import parse_price, parse_share, terms_of
        from planner.reading.problem import read_problem
        from planner.render.document import json_text, plan_document, plan_hash
        from planner.render.folder import save_plan
        from planner.render.run_record import record_run
        from planner.render.table import WIDTH, plan_view

        to_terms = partial(
            terms_of,
            objective=str(objective),
            currency=option_value("--currency", currency, parse_currency),
            carrying_rate=option_value("--carrying-rate", carrying_rate, parse_share),
            unplanned_price=None
            if unplanned_price is None
            else option_value("--unplanned-price", unplanned_price, parse_price),
        )
        folder = None if out is None else make_folder(out)
        tell = intake_report(batches, rejected, on_error)
        problem, batches_sha256 = read_problem(
            *read_batch_input(batches), network, currency, to_terms, on_error=str(on_error), report=tell
        )
        options = SolveOptions(seed=seed)
        # Last, because it loads the solver: a refused file is answered before that.
        from planner.solve import solve

        unsaved: OSError | None = None
        with interrupts() as is_interrupted:
            with progress_on_terminal() as report:
                result = solve(problem, options, progress=report, should_stop=is_interrupted)
            document = plan_document(problem, result, record_run(batches_sha256, options))
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
    as_json: AsJson = False,
) -> None:
    """Hold a saved plan against every rule again, with code that shares nothing with the solver."""
    if str(plan) == str(batches) == STDIN:
        raise typer.BadParameter("only one of the two files can be stdin", param_hint="--batches")
    with answering(as_json, faults_are_the_result=True):
        from planner.check import RULES, find_faults
        from planner.reading.documents import (
            check_worked_out,
            plan_of,
            read_document,
            read_input_hashes,
            read_terms,
        )
        from planner.reading.problem import read_problem
        from planner.render.document import json_text
        from planner.render.table import count

        plan_content, plan_name = read_input(plan)
        document = read_document(BytesIO(plan_content), plan_name)
        terms, plan_found = read_terms(document), plan_of(document)
        problem, batches_sha256 = read_problem(*read_input(batches), network, terms.currency, lambda _: terms)
        made_on, made_from = read_input_hashes(document)
        if made_on not in {"", problem.network.digest}:
            talk("Note: the plan was made on other network tables than these.")
        if made_from not in {"", batches_sha256}:
            talk("Note: the plan was made from another batch file than this.")
        findings = find_faults(problem, plan_found)
        if not findings:
            check_worked_out(document, problem, plan_found)
        if as_json:
            typer.echo(json_text({"findings": [asdict(finding) for finding in findings]}))
        elif findings:
            rules = len({finding.rule for finding in findings})
            lines = [*map(str, findings), f"{count(len(findings), 'fault')}, {count(rules, 'rule')} broken."]
            typer.echo("\n".join(lines))
        else:
            typer.echo(
                f"The plan holds: {count(len(RULES), 'rule')}, {count(len(problem.batches), 'batch')}."
            )
    raise typer.Exit(REFUSED if findings else 0)


@app.command()
def validate(
    batches: BatchFile,
    network: NetworkFolder = None,
    on_error: WhenFaulty = OnError.REFUSE,
    rejected: Rejected = None,
    as_json: AsJson = False,
) -> None:
    """Read a file of batches as `plan` does, and list every fault."""
    with answering(as_json, faults_are_the_result=True):
        from planner.reading.batches import read_intake
        from planner.reading.tables import read_network
        from planner.render.document import json_text
        from planner.render.table import count

        tables = read_network(network)
        tell = intake_report(batches, rejected, on_error)
        content, name = read_batch_input(batches)
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
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The workbook to write; a new file.")],
    lang: Annotated[Language, typer.Option(help="Language of the headings.")] = Language.EN,
    network: NetworkFolder = None,
) -> None:
    """Write an empty batch file: headings, an example, lists of places and vehicle types, explanations."""
    if out.exists():
        # Somebody may have filled it in.
        raise typer.BadParameter(f"{out} is there already", param_hint="OUT.xlsx")
    with answering():
        from planner.reading.tables import read_network
        from planner.render.folder import save_bytes
        from planner.render.template import template as make_template

        save_bytes(out, make_template(read_network(network), str(lang)))
        talk(f"{out}: fill in the first sheet, and leave the example out.")


@network_app.command("validate")
def validate_network(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of tables; the shipped one by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read all tables of a network, and list every fault; say which places lead nowhere."""
    with answering(as_json, faults_are_the_result=True):
        from planner.network.map_graph import MapGraph
        from planner.reading.tables import read_network
        from planner.render.document import json_text
        from planner.render.table import count

        tables = read_network(folder)
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


@network_app.command("show")
def show_network(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[PLACE|SERVICE]", help="Id or name; without one, what there is."),
    ] = None,
    network: NetworkFolder = None,
) -> None:
    """Show a place or a service with all that is known of it."""
    with answering():
        from planner.reading.names import get_by_name
        from planner.reading.tables import read_network
        from planner.render.network_table import WIDTH, named_view, network_view

        tables = read_network(network)
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
        tables = read_network(network)
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
        from planner.render.table import count

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


def read_input(path: Path) -> tuple[bytes, str]:
    """Bytes of a file or of stdin, and how faults call it."""
    from planner.reading.files import read_bytes

    if str(path) == STDIN:
        return read_bytes(sys.stdin.buffer, "stdin"), "stdin"
    return read_bytes(path, str(path)), str(path)


def read_batch_input(path: Path) -> tuple[bytes, str]:
    """Bytes of a batch file, and how faults call it; a file too large is not read to its end."""
    from planner.reading.files import MAX_BYTES, read_bytes

    if str(path) == STDIN:
        return read_bytes(sys.stdin.buffer, "stdin", MAX_BYTES), "stdin"
    return read_bytes(path, str(path), MAX_BYTES), str(path)


def intake_report(batches: Path, rejected: Path | None, on_error: OnError) -> Callable[[Intake], None]:
    """What is done with a batch file that was read, before its faults are raised: notes, rows given back."""
    if rejected is not None and rejected.exists() and batches.exists() and rejected.samefile(batches):
        raise typer.BadParameter("is the batch file itself", param_hint="--rejected")

    def report(intake: Intake) -> None:
        from planner.render.folder import save_bytes
        from planner.render.rejected import rejected_file
        from planner.render.table import count

        for note in intake.notes:
            talk(f"note: {note}")
        if rejected is not None:
            save_bytes(rejected, rejected_file(intake))
        if on_error == OnError.SKIP and intake.issues and intake.is_whole and intake.batches:
            talk("\n".join([*map(str, intake.issues), f"{count(len(intake.rejected), 'row')} skipped."]))

    return report


def make_folder(path: Path) -> Path:
    """Make the folder for results, before the work that fills it."""
    from planner.render import folder

    try:
        return folder.make_folder(path)
    except OSError as error:
        reason = f"no file can be written there: {error.strerror}"
        raise typer.BadParameter(f"{path}: {reason}", param_hint="--out") from None


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
