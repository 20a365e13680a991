"""Where everything of one installation is: addresses, ports, secrets.

Values come from the environment (prefix `OBMEN_`); what is not set has a default that works on a
laptop. Secrets that nobody gave are made once and kept in `<home>/secrets.env`, readable by its
owner alone. Nothing here starts or changes a service.
"""

import hashlib
import os
import re
import secrets as randomness
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parent.parent
ROLES = ("obmen_owner", "obmen_flow", "obmen_gateway", "obmen_reader", "obmen_auditor")
_SYSTEM_PLACE = Path("/var/lib/obmen")


class Settings(BaseSettings):
    """One installation, as the environment and `secrets.env` describe it."""

    model_config = SettingsConfigDict(
        env_prefix="OBMEN_", extra="ignore", frozen=True, validate_by_name=True
    )

    home: Path = Field(default_factory=lambda: default_home(PROJECT))
    service_user: str = "obmen"

    warehouse_url: SecretStr | None = None
    warehouse_port: int = 15432
    warehouse_database: str = "obmen"

    s3_endpoint: str | None = None
    s3_port: int = 19000
    s3_bucket: str = "obmen"
    s3_access_key: SecretStr = Field(default_factory=lambda: _random_secret(10))
    s3_secret_key: SecretStr = Field(default_factory=lambda: _random_secret(20))

    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8080

    prefect_port: int = 4200
    prefect_api_url: str | None = Field(default=None, validation_alias="PREFECT_API_URL")
    prefect_database_url: SecretStr | None = Field(
        default=None, validation_alias="PREFECT_SERVER_DATABASE_CONNECTION_URL"
    )
    prefect_auth: SecretStr = Field(
        default_factory=lambda: SecretStr(f"obmen:{randomness.token_hex(12)}"),
        validation_alias="PREFECT_API_AUTH_STRING",
    )
    prefect_encryption_key: SecretStr = Field(
        default_factory=lambda: SecretStr(urlsafe_b64encode(randomness.token_bytes(32)).decode()),
        validation_alias="PREFECT_SERVER_ENCRYPTION_KEY",
    )

    alert_url: str | None = None
    late_after_s: int = 60  # a run that has not begun so long after its time is told of
    watchdog_url: str | None = None

    superuser_password: SecretStr = Field(default_factory=lambda: _random_secret(20))
    prefect_password: SecretStr = Field(default_factory=lambda: _random_secret(20))
    owner_password: SecretStr = Field(default_factory=lambda: _random_secret(20))
    flow_password: SecretStr = Field(default_factory=lambda: _random_secret(20))
    gateway_password: SecretStr = Field(default_factory=lambda: _random_secret(20))
    reader_password: SecretStr = Field(default_factory=lambda: _random_secret(20))
    auditor_password: SecretStr = Field(default_factory=lambda: _random_secret(20))

    @classmethod
    def load(cls, home: Path | None = None, **overrides: object) -> Self:
        """Read the environment over `<home>/secrets.env`; `overrides` win over both.

        Until `make up` has written that file, secrets are new at every call.
        """
        at = (home or Path(os.environ.get("OBMEN_HOME") or default_home(PROJECT))).absolute()
        return cls(_env_file=at / "secrets.env", home=at, **overrides)  # type: ignore[arg-type]

    def keep_secrets(self) -> Self:
        """Write secrets that `<home>/secrets.env` does not hold yet; return settings with all.

        What the file holds already wins over what was made up for these settings.
        """
        kept = self.secrets_file
        known = kept.read_text(encoding="utf-8") if kept.exists() else ""
        new = [
            f"{name}={_quoted(value)}\n"
            for name, value in self._secrets()
            if f"{name}=" not in known
        ]
        if new:
            # A name of our own first: a start that dies here must not leave half a file.
            draft = kept.with_name(f"{kept.name}.{os.getpid()}")
            with os.fdopen(
                os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w"
            ) as out:
                out.writelines([known, *new])
            draft.replace(kept)
        read = type(self).load(self.home)
        secrets = {name: getattr(read, name) for name in self._secret_names()}
        return self.model_copy(update=secrets)

    @property
    def secrets_file(self) -> Path:
        """Where generated secrets lie."""
        return self.home / "secrets.env"

    @property
    def is_warehouse_embedded(self) -> bool:
        """Whether PostgreSQL is ours to start."""
        return self.warehouse_url is None

    @property
    def is_store_embedded(self) -> bool:
        """Whether the S3 server is ours to start."""
        return self.s3_endpoint is None

    @property
    def is_prefect_embedded(self) -> bool:
        """Whether the Prefect server is ours to start."""
        return self.prefect_api_url in {None, self._own_prefect_url}

    @property
    def store_endpoint(self) -> str:
        """Address of the S3 server in use."""
        return self.s3_endpoint or f"http://127.0.0.1:{self.s3_port}"

    @property
    def prefect_url(self) -> str:
        """Address of the Prefect API in use."""
        return self.prefect_api_url or self._own_prefect_url

    @property
    def gateway_url(self) -> str:
        """Address at which this machine reaches the gateway."""
        host = "127.0.0.1" if self.gateway_host in {"0.0.0.0", "::"} else self.gateway_host  # noqa: S104
        return f"http://{host}:{self.gateway_port}"

    @property
    def admin_url(self) -> str:
        """PostgreSQL as the one who may make roles and databases."""
        if self.warehouse_url is not None:
            return self.warehouse_url.get_secret_value()
        password = self.superuser_password.get_secret_value()
        return f"postgresql+psycopg://postgres:{password}@127.0.0.1:{self.warehouse_port}/postgres"

    @property
    def prefect_server_database_url(self) -> str:
        """Prefect's own database, as its server wants it spelt."""
        if self.prefect_database_url is not None:
            return self.prefect_database_url.get_secret_value()
        password = self.prefect_password.get_secret_value()
        return self._at_warehouse("postgresql+asyncpg", "prefect", password, "prefect")

    def password_of(self, role: str) -> str:
        """Return the password of one of ROLES."""
        secret: SecretStr = getattr(self, f"{role.removeprefix('obmen_')}_password")
        return secret.get_secret_value()

    def warehouse_url_for(self, role: str) -> str:
        """Return the SQLAlchemy address of the warehouse for one of ROLES."""
        database = self.warehouse_database
        return self._at_warehouse("postgresql+psycopg", role, self.password_of(role), database)

    @property
    def _own_prefect_url(self) -> str:
        return f"http://127.0.0.1:{self.prefect_port}/api"

    def environment(self) -> dict[str, str]:
        """Return what a child process needs to find the same installation; it holds no secret."""
        places = (
            "home",
            "warehouse_port",
            "warehouse_database",
            "s3_port",
            "s3_bucket",
            "gateway_host",
            "gateway_port",
            "prefect_port",
        )
        named = {f"OBMEN_{name}".upper(): str(getattr(self, name)) for name in places}
        return named | {"PREFECT_API_URL": self.prefect_url, "OBMEN_PROJECT": str(PROJECT)}

    def _at_warehouse(self, scheme: str, role: str, password: str, database: str) -> str:
        address = urlsplit(self.admin_url)
        host = f"{address.hostname}:{address.port or 5432}"
        login = f"{role}:{quote(password, safe='')}"
        return urlunsplit((scheme, f"{login}@{host}", f"/{database}", address.query, ""))

    def _secrets(self) -> Iterator[tuple[str, str]]:
        for name in self._secret_names():
            alias = type(self).model_fields[name].validation_alias
            variable = alias if isinstance(alias, str) else f"OBMEN_{name}".upper()
            yield variable, getattr(self, name).get_secret_value()

    def _secret_names(self) -> list[str]:
        # Addresses may hold a password too, but nobody makes those up.
        secrets = [name for name in type(self).model_fields if not name.endswith("_url")]
        return [name for name in secrets if isinstance(getattr(self, name), SecretStr)]


def default_home(project: Path) -> Path:
    """Return where data lie when nobody says: in the project, for root in a system place.

    PostgreSQL refuses to run as root, and its own user must be able to reach its data without any
    permission of the project's parents being loosened.
    """
    if os.geteuid() != 0:
        return project / ".obmen"
    return _SYSTEM_PLACE / hashlib.sha256(str(project).encode()).hexdigest()[:12]


def _random_secret(size: int) -> SecretStr:
    return SecretStr(randomness.token_hex(size))


def _quoted(value: str) -> str:
    """Return a value as an .env file wants it; those that we make ourselves stay as they are."""
    if re.fullmatch(r"[\w:+/=.-]+", value, re.ASCII):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
