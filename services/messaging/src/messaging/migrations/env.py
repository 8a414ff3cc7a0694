from chassis.migrate import run_env
from messaging.models import metadata

run_env(metadata)
