"""Settings of identity, from the environment."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="IDENTITY_", populate_by_name=True, extra="ignore")

    signing_key_file: Path
    """Ed25519 private JWK that signs internal and access tokens."""
    other_signing_key_file: Path | None = None
    """A second one, published and accepted but not signing: the next or the last one while keys are exchanged."""
    client_keys_file: Path
    """JSON: service name to public Ed25519 JWK. Who may ask for tokens, and for whom they can be made."""
    bootstrap_admin_email: str | None = None
    """The account with this address becomes admin when it verifies."""
