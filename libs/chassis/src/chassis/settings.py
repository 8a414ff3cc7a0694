"""Settings from the environment. Names with a service's prefix belong to it; addresses of shared infrastructure have none."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.broker import address


class ProcessSettings(BaseSettings):
    """What every process needs. Subclasses set ``env_prefix`` and add their own; a missing value stops the start."""

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int
    client_key_file: Path
    """Ed25519 private JWK with which the process proves itself to identity."""
    drain_seconds: float = 0.0
    """How long to keep serving after SIGTERM, until load balancers have noticed."""
    kafka_brokers: str = Field(validation_alias="KAFKA_BROKERS", repr=False)
    """With the user below, if there is one, the whole address as ``chassis.broker`` reads it."""
    kafka_username: str | None = Field(None, validation_alias="KAFKA_USERNAME")
    kafka_password: SecretStr = Field(SecretStr(""), validation_alias="KAFKA_PASSWORD")
    identity_url: str = Field(validation_alias="IDENTITY_URL")
    environment: Literal["local", "test", "production"] = Field("production", validation_alias="ENVIRONMENT")
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL")
    otlp_endpoint: str | None = Field(None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    """Base address of an OTLP/HTTP collector. Without it nothing of tracing is even imported."""
    trace_ratio: float = Field(0.05, ge=0, le=1, validation_alias="OTEL_TRACES_SAMPLER_ARG")
    """Share of the traces beginning in this process that are recorded; what others began keeps its decision."""

    @model_validator(mode="after")
    def _kafka_with_its_user(self) -> Self:
        if self.kafka_username and "@" not in self.kafka_brokers:
            password = self.kafka_password.get_secret_value()
            self.kafka_brokers = address(self.kafka_brokers, username=self.kafka_username, password=password)
        return self


class ServiceSettings(ProcessSettings):
    """A service with a database of its own."""

    database_url: SecretStr
    """Run-time role: reads and writes rows, changes no schema."""
    owner_database_url: SecretStr | None = None
    """Role that owns the schema; only ``migrate`` needs it."""
    pool_size: int = 6
    worker_instance: str | None = None
    """Name of this worker for good, unique among the service's workers, when the platform has one (StatefulSet)."""
    relay_poll_seconds: float = 2.0
    """Safety net of the relay; in one process with the writers it is woken by each commit."""
