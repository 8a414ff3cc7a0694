from identity.models import metadata
from runtime.migrate import run_env

run_env(metadata)
