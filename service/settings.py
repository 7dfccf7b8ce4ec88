"""How a service is set up: options of the command line, or ``LANDBRIDGE_*`` of the environment."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LOCAL_TENANT = "local"
"""The tenant of a laptop."""
KEY_BYTES = 32
KEY_FILE = "server.key"
DATABASE_FILE = "landbridge.db"
MB = 1_000_000


class SettingsError(Exception):
    """The service can't be started like this; ``str()`` says why and what to do."""


class Limits(BaseModel):
    """What one client may ask for; each limit is tested at it and one over. Sizes are in bytes.

    Sources: the project's own measurements; figures of comparable services where a rate is given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    json_bytes: int = Field(1 * MB, ge=1000)
    batches_bytes: int = Field(10 * MB, ge=1000)
    upload_bytes: int = Field(50 * MB, ge=1000)
    url_bytes: int = Field(8_000, ge=200)
    header_bytes: int = Field(16_000, ge=1000)
    rows_a_call: int = Field(1_000, ge=1)
    batches_a_set: int = Field(20_000, ge=1)
    rows_a_file: int = Field(200_000, ge=1)
    unpacked_bytes: int = Field(200 * MB, ge=1000)
    network_departures: int = Field(500_000, ge=1)
    intake_mb: int = Field(512, ge=64)
    intake_cpu_s: int = Field(60, ge=1)
    intake_s: float = Field(90, gt=0)
    intake_wait_s: float = Field(30, gt=0)
    intakes_at_once: int = Field(2, ge=1)
    route_s: float = Field(2, gt=0)
    route_wait_s: float = Field(10, gt=0)
    route_days: int = Field(400, ge=1, le=1_100)
    route_mb: int = Field(1_500, ge=200)
    route_children: int = Field(2, ge=1, le=64)
    routes_waiting: int = Field(64, ge=1)
    page_items: int = Field(1_000, ge=1)
    header_s: float = Field(10, gt=0)
    body_s: float = Field(60, gt=0)
    body_bytes_a_s: int = Field(50_000, ge=1)
    reads_a_minute: int = Field(600, ge=1)
    writes_a_minute: int = Field(120, ge=1)
    uploads_a_minute: int = Field(30, ge=1)
    plans_a_minute: int = Field(60, ge=1)
    burst: int = Field(100, ge=1)
    wrong_keys_a_minute: int = Field(20, ge=1)
    running_jobs: int = Field(2, ge=1)
    queued_jobs: int = Field(100, ge=1)
    job_s: int = Field(1_800, ge=1)
    job_mb: int = Field(4_000, ge=100)
    wait_s: int = Field(60, ge=0)
    webhook_endpoints: int = Field(10, ge=1)
    webhook_parallel: int = Field(4, ge=1)
    webhook_s: float = Field(15, gt=0)
    webhook_answer_bytes: int = Field(65_536, ge=1_000)
    stored_bytes: int = Field(2_000 * MB, ge=1 * MB)
    connections: int = Field(512, ge=1)
    connections_an_address: int = Field(20, ge=1)
    streams: int = Field(100, ge=1)


class Settings(BaseSettings):
    """All that is decided before the first request.

    Parameters
    ----------
    database
        ``postgresql://...``; by default an SQLite file in the data folder.
    data
        Folder of the database, caches and the server key; only its owner may read it.
    host, port
        Where to listen. Beyond this machine a key, and TLS or a proxy that ends it, are needed.
    names
        Host names that clients may use for this service, beside those of this machine.
    behind_proxy
        TLS ends at a proxy in front, so callers are elsewhere: a key is asked for, whatever the host.
    tls_certificate, tls_key
        TLS ends here.
    require_keys
        Ask for a key on this machine, too.
    rates
        Whether calls a minute are limited; ``None`` = where keys are asked for.
    workers
        Jobs that this process runs at once; 0 = none.
    server_key_file, server_key_text
        At least 32 random bytes: pepper of key hashes, signer of cursors, root of webhook secrets.
    metrics_token
        What a scraper of ``/metrics`` has to show; without one, figures are for this machine only.
    max_attempts
        Attempts of a job before it fails for good.
    lease_s, heartbeat_s, reap_s
        How long a claim holds without a sign of life, how often there is one, how often lost ones are
        looked for.
    warm_routes
        Whether routes are made ready before the first is asked for; else the first answer takes some
        seconds.
    child_program
        Module or script that runs a job in its process.
    webhook_networks
        Private networks that webhooks may be sent into.
    webhook_loopback
        Webhooks may be sent to this machine: on a laptop, in tests.
    webhook_wait_scale
        Factor of all waits between two tries of a webhook.
    """

    model_config = SettingsConfigDict(
        env_prefix="LANDBRIDGE_", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    database: str | None = None
    data: Path = Path("landbridge-data")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    names: Annotated[tuple[str, ...], NoDecode] = ()
    behind_proxy: bool = False
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    require_keys: bool = False
    rates: bool | None = None
    workers: int = Field(1, ge=0, le=64)
    server_key_file: Path | None = None
    server_key_text: SecretStr | None = Field(None, alias="LANDBRIDGE_SERVER_KEY")
    metrics_token: SecretStr | None = None
    max_attempts: int = Field(3, ge=1)
    lease_s: float = Field(20, gt=0)
    heartbeat_s: float = Field(5, gt=0)
    reap_s: float = Field(5, gt=0)
    child_program: str = "service.jobs.child"
    warm_routes: bool = True
    webhook_networks: Annotated[tuple[str, ...], NoDecode] = ()
    webhook_loopback: bool = False
    webhook_wait_scale: float = Field(1, gt=0)
    limits: Limits = Limits()

    @field_validator("database")
    @classmethod
    def _of_a_known_kind(cls, database: str | None) -> str | None:
        """The URL, if it is one of PostgreSQL or SQLite."""
        if database is None:
            return None
        try:
            url = make_url(database)
            kind = url.get_backend_name()
        except ArgumentError:
            kind = ""
        if kind not in ("postgresql", "sqlite"):
            raise ValueError("write postgresql://user@host/name")
        if kind == "sqlite" and url.database in (None, "", ":memory:"):
            raise ValueError("names no file: leave it out, and name a folder by --data")
        return database

    @model_validator(mode="after")
    def _with_signs_of_life_in_time(self) -> Self:
        """A lease outlives a heartbeat that comes late."""
        if self.lease_s < 2 * self.heartbeat_s:
            raise ValueError(
                f"LANDBRIDGE_LEASE_S ({self.lease_s:g}) is less than twice LANDBRIDGE_HEARTBEAT_S "
                f"({self.heartbeat_s:g}): workers would lose jobs that they are at"
            )
        return self

    @field_validator("names")
    @classmethod
    def _without_port(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Names of hosts: whatever port they are called at."""
        for name in names:
            if re.fullmatch(r"[^:]*:\d*|\[.*\]:\d*|.*[/\s].*", name):
                raise ValueError(f"{name}: write the name of the host alone, without port or path")
        return names

    @field_validator("names", "webhook_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists in the environment are separated by commas."""
        if not isinstance(value, str):
            return value
        return tuple(item.strip() for item in value.split(",") if item.strip())

    @field_validator("data")
    @classmethod
    def _from_here(cls, data: Path) -> Path:
        """The data folder as a whole path: children run in folders of their own."""
        return data.expanduser().absolute()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_reached_from_elsewhere(self) -> bool:
        """Whether callers are on other machines, by themselves or through a proxy on this one."""
        return self.behind_proxy or not self.is_loopback

    @property
    def asks_for_keys(self) -> bool:
        """Whether a caller has to show a key."""
        return self.require_keys or self.is_reached_from_elsewhere

    @property
    def limits_rates(self) -> bool:
        """Whether calls a minute are limited."""
        return self.asks_for_keys if self.rates is None else self.rates

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file, written by one process."""
        return self.database is None or self.database.startswith("sqlite")

    @property
    def database_url(self) -> str:
        """URL of the database."""
        return self.database or f"sqlite:///{(self.data / DATABASE_FILE).resolve()}"

    @property
    def database_folder(self) -> Path | None:
        """Folder of the database, where it is a file."""
        name = make_url(self.database_url).database
        return Path(name).absolute().parent if self.is_sqlite and name else None

    def make_data_folder(self) -> Path:
        """Make the data folder, readable by its owner alone."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.data

    def server_key(self) -> bytes:
        """Root of all secrets. Beside an SQLite file it is made at first use; else it has to be given.

        Raises
        ------
        SettingsError
            If there is none, or a short one.
        """
        if self.server_key_text is not None:
            return _checked(self.server_key_text.get_secret_value().strip().encode(), "LANDBRIDGE_SERVER_KEY")
        if self.server_key_file is not None:
            try:
                return _checked(self.server_key_file.read_bytes().strip(), str(self.server_key_file))
            except OSError as error:
                raise SettingsError(f"{self.server_key_file}: {error.strerror}") from None
        if not self.is_sqlite:
            raise SettingsError(
                "no server key: name a file of at least 32 random bytes by --server-key-file or "
                "LANDBRIDGE_SERVER_KEY_FILE, the same for every process of the service"
            )
        path = self.make_data_folder() / KEY_FILE
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
                made.write(secrets.token_hex(KEY_BYTES))
        except FileExistsError:
            pass
        return _checked(path.read_bytes().strip(), str(path))


def _checked(key: bytes, where: str) -> bytes:
    if len(key) < KEY_BYTES:
        raise SettingsError(f"{where}: the server key is shorter than {KEY_BYTES} bytes")
    return key
