"""Settings of the site. Only app.py reads them."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """The site is a client of the public API: it has no key, no database and no broker."""

    model_config = SettingsConfigDict(env_prefix="WEB_", populate_by_name=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8600
    gateway_url: str = Field(validation_alias="GATEWAY_URL")
    site_url: str = Field(validation_alias="SITE_URL")
    """Public address, for canonical links."""
    environment: Literal["local", "test", "production"] = Field("production", validation_alias="ENVIRONMENT")
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL")
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    """Peers whose X-Forwarded-For is believed. Nobody by default."""
    api_seconds: float = 10.0
    """Longest time for a read at the API; writes that wait for a decision take their own."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value
