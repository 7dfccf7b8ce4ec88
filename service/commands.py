"""Commands of the service: `serve`, `worker`, `db`, `key`. Heavy imports stand inside: --help is quick."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store.database import Database

OUR_FAULT, USAGE, UNREACHABLE = 1, 2, 6
TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")

db_app = typer.Typer(no_args_is_help=True)
key_app = typer.Typer(no_args_is_help=True)

DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Folder of the database and caches; landbridge-data by default."
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="postgresql://... instead of the SQLite file; with a password better in LANDBRIDGE_DATABASE.",
    ),
]
ServerKeyFile = Annotated[
    Path | None,
    typer.Option(
        "--server-key-file", metavar="FILE", help="At least 32 random bytes; needed with --database."
    ),
]


def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen; this machine only by default.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="8080 by default; 0 = any free one.")
    ] = None,
    data: DataFolder = None,
    database: DatabaseUrl = None,
    server_key_file: ServerKeyFile = None,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Plans made at once by this process; 1 by default.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="HOST", help="Host name that clients use; may be repeated."),
    ] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy in front ends TLS.")] = False,
    tls_certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="End TLS here.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Key of the certificate.")] = None,
    require_keys: Annotated[
        bool, typer.Option("--require-keys", help="Ask for a key on this machine, too.")
    ] = False,
) -> None:
    """Answer HTTP: API, worker and page in one process, kept in one folder. Stop it with Ctrl-C."""
    with saying():
        settings = settings_of(
            host=host,
            port=port,
            data=data,
            database=database,
            server_key_file=server_key_file,
            workers=workers,
            names=tuple(name) if name else None,
            behind_proxy=behind_proxy or None,
            tls_certificate=tls_certificate,
            tls_key=tls_key,
            require_keys=require_keys or None,
        )
        from service.serve import serve as serve_until_told

        told: set[str] = set()

        def tell(address: str, page: str | None) -> None:
            if address not in told:
                typer.echo(f"landbridge serves {address}", err=True)
            told.add(address)
            if page is not None:
                typer.echo(f"The page opens once with {page}", err=True)

        serve_until_told(settings, tell)


def worker(
    data: DataFolder = None,
    database: DatabaseUrl = None,
    server_key_file: ServerKeyFile = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Plans made at once; 1 by default.")] = None,
) -> None:
    """Make plans for a service on PostgreSQL; start as many of these as there are machines for."""
    with saying():
        settings = settings_of(data=data, database=database, server_key_file=server_key_file, workers=workers)
        from service.serve import work

        work(settings)


@db_app.command("upgrade")
def upgrade_db(data: DataFolder = None, database: DatabaseUrl = None) -> None:
    """Bring the database to the version of this program; of an SQLite file a copy is kept."""
    settings = settings_of(data=data, database=database)
    with saying(), opened(settings, may_be_new=True) as found:
        from service.store.backup import backup, free_name
        from service.store.upgrade import check_known, find_version, newest_version, upgrade

        with found.read() as connection:
            before = find_version(connection)
        check_known(before)
        if before == newest_version():
            typer.echo(f"The database is of version {before}; nothing to do.")
            return
        with alone(settings):
            if before is not None and found.is_sqlite:
                copy = free_name(found.path, before)
                backup(found, copy)
                typer.echo(f"Kept a copy: {copy}")
            typer.echo(f"The database is of version {upgrade(found)} now.")


@db_app.command("backup")
def backup_db(
    into: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    data: DataFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Copy the database as it is now; it may be in use. The server key is not in it: keep that as well."""
    if into.exists():
        raise typer.BadParameter(f"{into} is there already", param_hint="FILE")
    with saying(), opened(settings_of(data=data, database=database)) as found:
        from service.store.backup import backup

        backup(found, into)
        typer.echo(f"{into}: {into.stat().st_size:,} bytes. The server key is not in it: keep that as well.")


@db_app.command("restore")
def restore_db(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="A copy made by `landbridge db backup`."
        ),
    ],
    data: DataFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Put a copy in place of the database, which no process may be using; the SQLite file before is kept."""
    settings = settings_of(data=data, database=database)
    with saying(), alone(settings), opened(settings, may_be_new=True) as found:
        from service.store.backup import restore

        kept = restore(found, source)
        if kept is not None:
            typer.echo(f"Kept the file before: {kept}")
        typer.echo(f"Restored from {source}.")


@db_app.command("verify")
def verify_db(data: DataFolder = None, database: DatabaseUrl = None) -> None:
    """Look the database over: damage, version, the chain of audit rows. Exit code 1 if something is wrong."""
    with saying(), opened(settings_of(data=data, database=database)) as found:
        from service.store.backup import verify

        faults = verify(found)
        typer.echo("\n".join(faults) if faults else "The database is sound.")
    if faults:
        raise typer.Exit(OUR_FAULT)


@key_app.command("create")
def create_key(
    label: Annotated[str, typer.Option(help="What the key is for.")],
    tenant: Annotated[
        str, typer.Option(help="Whose data it opens; made if it is new. Letters, digits and - only.")
    ] = "local",
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="What it may do; may be repeated. By default plan:read and plan:write."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="It expires after so many days.")] = 365,
    data: DataFolder = None,
    database: DatabaseUrl = None,
    server_key_file: ServerKeyFile = None,
) -> None:
    """Make an API key. It is shown this once, on stdout; what it may do is said beside, on stderr."""
    if not 1 <= len(label) <= 200 or not label.isprintable():
        raise typer.BadParameter("1 to 200 printable characters", param_hint="--label")
    if TENANT.fullmatch(tenant) is None:
        raise typer.BadParameter(
            f"{tenant!r}: 1 to 40 letters, digits and -, such as acme-cn", param_hint="--tenant"
        )
    settings = settings_of(data=data, database=database, server_key_file=server_key_file)
    from service.callers import SCOPES

    wanted = scope or ["plan:read", "plan:write"]
    strangers = [one for one in wanted if one not in SCOPES]
    if strangers:
        raise typer.BadParameter(f"{strangers[0]!r}: there are {', '.join(SCOPES)}", param_hint="--scope")
    with saying(), opened(settings, may_be_new=True) as found:
        from service.keys import admin

        text = admin.create(found, settings.server_key(), tenant, label, wanted, days)
        typer.echo(
            f"A key of tenant {tenant} for {days} days: {' '.join(wanted)}. Shown this once:", err=True
        )
        typer.echo(text)


@key_app.command("list")
def list_keys(
    tenant: Annotated[str, typer.Option(help="Whose keys.")] = "local",
    data: DataFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Show the keys of a tenant, without their secrets."""
    with saying(), opened(settings_of(data=data, database=database)) as found:
        from service.keys import admin

        lines = list(admin.list_lines(found, tenant))
        typer.echo("\n".join(lines) if lines else f"Tenant {tenant} has no key.", err=not lines)


@key_app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="As `landbridge key list` shows it.")],
    data: DataFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Make a key good for nothing, everywhere within a second."""
    with saying(), opened(settings_of(data=data, database=database)) as found:
        from service.keys import admin

        if not admin.revoke(found, key_id):
            raise typer.BadParameter("there is no such key", param_hint="KEY_ID")
        typer.echo(f"{key_id} is revoked.")


def settings_of(**given: Any) -> Settings:
    """Settings of the options that are given; the environment has the rest."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from service.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}"
            for one in error.errors(include_input=False)
        ]
        typer.echo("The settings do not do:\n" + "\n".join(lines), err=True)
        raise typer.Exit(USAGE) from None
    except SettingsError as error:
        typer.echo(f"The settings do not do:\n{error}: {error.__cause__}", err=True)
        raise typer.Exit(USAGE) from None


@contextmanager
def saying() -> Iterator[None]:
    """Say what went wrong in words, with an exit code; no traceback. Files that are made are the owner's."""
    from sqlalchemy.exc import DBAPIError

    from service.settings import SettingsError
    from service.store.backup import BackupError
    from service.store.upgrade import VersionError

    mask = os.umask(0o077)
    try:
        yield
    except (SettingsError, VersionError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None
    except BackupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(OUR_FAULT) from None
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        typer.echo('PostgreSQL needs one more package: pip install "landbridge[postgres]"', err=True)
        raise typer.Exit(USAGE) from None
    except DBAPIError as error:
        typer.echo(f"The database is not reachable: {str(error.orig).strip()}", err=True)
        raise typer.Exit(UNREACHABLE) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'landbridge'}: {error.strerror or error}", err=True)
        raise typer.Exit(OUR_FAULT) from None
    finally:
        os.umask(mask)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold an SQLite file: nobody may be serving it meanwhile. Who uses PostgreSQL is not ours to know."""
    from service.serve import only_process

    if not settings.is_sqlite:
        yield
        return
    with only_process(settings):
        yield


@contextmanager
def opened(settings: Settings, *, may_be_new: bool = False) -> Iterator[Database]:
    """The database of the settings.

    Raises
    ------
    SettingsError
        If there is none, unless it may be made.
    """
    from service.settings import SettingsError
    from service.store.database import Database

    if settings.database is None and may_be_new:
        settings.make_data_folder()
    found = Database(settings.database_url)
    if found.is_sqlite and not may_be_new and not found.path.exists():
        raise SettingsError(f"{found.path}: there is no database; name its folder by --data")
    try:
        yield found
    finally:
        found.close()
