"""Settings of analytics."""

from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ANALYTICS_")

    market_timezone: str = "Europe/Paris"
    """A day of the sales figures begins at midnight here."""
