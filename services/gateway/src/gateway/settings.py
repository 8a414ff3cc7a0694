"""Settings of the gateway. Only app.py reads them; every other module gets values."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from chassis.settings import ProcessSettings
from gateway.edge.lists import split_list

Network = IPv4Network | IPv6Network
Words = Annotated[tuple[str, ...], NoDecode]
Networks = Annotated[tuple[Network, ...], NoDecode]


class Settings(ProcessSettings):
    """Addresses of the services, and what the edge lets in."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", populate_by_name=True, extra="ignore")

    port: int = 8601
    catalog_url: str = Field(validation_alias="CATALOG_URL")
    order_url: str = Field(validation_alias="ORDER_URL")
    payment_url: str = Field(validation_alias="PAYMENT_URL")
    messaging_url: str = Field(validation_alias="MESSAGING_URL")
    review_url: str = Field(validation_alias="REVIEW_URL")
    logistics_url: str = Field(validation_alias="LOGISTICS_URL")
    analytics_url: str = Field(validation_alias="ANALYTICS_URL")
    site_url: str = Field(validation_alias="SITE_URL")
    """Public address of the site: its origin may send cookies with writes."""

    allowed_hosts: Words = ("localhost", "127.0.0.1", "[::1]")
    """Host names that this gateway answers for, without ports."""
    allowed_origins: Words = ()
    """Other origins of browsers (scheme://host:port) that may call this API; none unless named."""
    trusted_proxies: Networks = ()
    """Peers whose X-Forwarded-For is believed. Nobody by default."""
    metrics_peers: Networks = (IPv4Network("127.0.0.0/8"),)
    """Peers that may read /metrics directly; a request that came through a proxy never may."""

    read_budget_ms: int = 800
    """Time for a read, handed down to services as X-Request-Deadline."""
    rate_limit_per_minute: int = 1200
    """Weighted requests per account, or per address for visitors. Search weighs 1, checkout 5, sign-in 10."""
    pool_size: int = 64
    """Connections per upstream; more requests wait, within their budget."""
    cache_megabytes: int = 16
    """Finished public answers kept in memory; 0 switches the cache off."""
    streams_per_principal: int = 5
    concurrency: int = 1000
    """Requests in flight before new ones are refused with 503."""

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, values: dict[str, object]) -> dict[str, object]:
        """Lists are written with commas in the environment, as operators expect."""
        names = ("allowed_hosts", "allowed_origins", "trusted_proxies", "metrics_peers")
        return {key: split_list(value) if key in names else value for key, value in values.items()}

    @model_validator(mode="after")
    def _live_is_strict(self) -> Self:
        if self.environment == "production" and "*" in (*self.allowed_hosts, *self.allowed_origins):
            raise ValueError("allowed hosts and origins are named one by one, never '*'")
        return self

    def upstreams(self) -> dict[str, str]:
        """Base address by service name."""
        names = ("catalog", "order", "payment", "messaging", "review", "logistics", "analytics", "identity")
        return {name: str(getattr(self, f"{name}_url")) for name in names}
