"""Settings that are missing or wrong stop the start and are named."""

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings

WHOLE = {
    "SPINE_PORT": "8699",
    "SPINE_DATABASE_URL": "postgresql://spine:hush@127.0.0.1/spine",
    "SPINE_CLIENT_KEY_FILE": "/nowhere/key.json",
    "KAFKA_BROKERS": "127.0.0.1:9092",
    "IDENTITY_URL": "http://127.0.0.1:8611",
}
SHARED = {"KAFKA_BROKERS": "kafka_brokers", "IDENTITY_URL": "identity_url"}


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SPINE_")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("ENVIRONMENT", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_a_whole_environment_is_enough_and_defaults_are_the_strict_ones() -> None:
    settings = Settings()

    assert (settings.port, settings.environment, settings.host) == (8699, "production", "127.0.0.1")


@pytest.mark.parametrize("name", WHOLE)
def test_each_missing_value_is_refused_by_its_name(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)

    with pytest.raises(ValidationError) as refused:
        Settings()

    wanted = name if name in SHARED else name.removeprefix("SPINE_").lower()
    assert [error["loc"] for error in refused.value.errors()] == [(wanted,)]


@pytest.mark.parametrize(("name", "value"), [("SPINE_PORT", "many"), ("ENVIRONMENT", "prod")])
def test_wrong_values_are_refused(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)

    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.usefixtures("environment")
def test_the_address_with_its_password_does_not_show() -> None:
    assert "hush" not in repr(Settings())
