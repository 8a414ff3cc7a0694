"""Settings of this service; read in ``app`` only."""

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Environment variables with the prefix ``LOGISTICS_``, beside the shared ones."""

    model_config = SettingsConfigDict(env_prefix="LOGISTICS_", populate_by_name=True, extra="ignore")

    carrier_address: str
    """Base address of the carrier's interface; the stand-in's on a local stack."""
    carrier_secret: SecretStr
    """With which the carrier signs its callbacks."""
