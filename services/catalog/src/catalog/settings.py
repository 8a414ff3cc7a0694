"""Settings of catalog; the README has the table."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Environment names begin with ``CATALOG_``; the engine's address is shared and is ``OPENSEARCH_URL``."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_", populate_by_name=True, extra="ignore")

    opensearch_url: str = Field(validation_alias="OPENSEARCH_URL")
    media_url: str
    """Where pictures are kept: ``file:///folder``, ``s3://bucket/prefix``, ``gs://…``, ``az://…``."""
    picture_readers: int = 2
    """Processes that read uploads at the same time; they exist only while pictures come."""
    search_timeout_seconds: float = 4.0
    """A search that takes longer is answered by 503."""
    index_timeout_seconds: float = 30.0
    """For one bulk of documents."""
    index_prefix: str = ""
    """Goes before the names of the indices, for markets that share an engine."""
    sweep_seconds: float = 1.0
    """How often holds that ran out are looked for."""
    currency: str = "EUR"
    """ISO 4217 code of all prices of this market."""
