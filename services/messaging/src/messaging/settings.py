"""Settings of messaging, from the environment."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="MESSAGING_", populate_by_name=True, extra="ignore")

    smtp_url: SecretStr = Field(validation_alias="SMTP_URL")
    """``smtp://``, ``smtp+starttls://`` or ``smtps://`` ``[user:password@]host[:port]``."""
    site_url: str = Field(validation_alias="SITE_URL")
    """Public address of the site: where links in mails lead."""
    sender: str = "Halles <bonjour@halles.example>"
    """From address of all mails."""
