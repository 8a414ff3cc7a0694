"""OpenSearch: one node from pinned jars, laid out as its own archive would be."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from halles_local import java, opensearch_home
from halles_local.ports import Ports
from halles_local.postgres import without_root
from halles_local.stack import Stack
from halles_local.waiting import NotReady

FLAGS = (
    "-XX:+UseSerialGC",
    "-Xss1m",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    # With its own shutdown hook log4j dies before the node is closed.
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "-Djna.nosys=true",
    # The runtime has no Thai locale data, without which no index can be created; the ICU jars bring it.
    "-Djava.locale.providers=SPI,CLDR",
    "-Dopensearch.distribution.type=tar",
    "-Dopensearch.bundled_jdk=false",
)


def aot_file(stack: Stack) -> Path:
    """Return the start-up cache of this set of jars and flags."""
    return java.aot_file(stack, "opensearch", identity=(str(opensearch_home.folder(stack)), *FLAGS))


def prepare(stack: Stack) -> None:
    """Write the configuration."""
    configure(stack.server("opensearch"), stack.ports)


def configure(folder: Path, ports: Ports) -> None:
    """Write the configuration of a node whose data, logs and keystore live below `folder`."""
    for part in ("config", "data", "logs", "tmp"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    templates = files("halles_local") / "templates"
    settings = (templates / "opensearch.yml").read_text()
    filled = settings.format(port=ports.of("opensearch"), tport=ports.of("opensearch-transport"), folder=folder)
    (folder / "config" / "opensearch.yml").write_text(filled)
    (folder / "config" / "log4j2.properties").write_text((templates / "opensearch.log4j2.properties").read_text())


def command(stack: Stack, *, folder: Path | None = None, extra: Sequence[str] | None = None) -> list[str]:
    """Return the command line of the node; `extra` flags replace the use of the start-up cache."""
    node = folder or stack.server("opensearch")
    home = opensearch_home.folder(stack)
    memory = ["-Xms512m", "-Xmx512m"] if stack.durable else ["-Xms384m", "-Xmx384m", "-XX:TieredStopAtLevel=1"]
    flags = java.aot_flags(aot_file(stack)) if extra is None else extra
    paths = [
        f"-Dopensearch.path.home={home}",
        f"-Dopensearch.path.conf={node / 'config'}",
        f"-Djava.io.tmpdir={node / 'tmp'}",
    ]
    class_path = os.pathsep.join(map(str, sorted((home / "lib").glob("*.jar"))))
    start = ["-cp", class_path, "org.opensearch.bootstrap.OpenSearch"]
    return without_root([java.JAVA, *memory, *FLAGS, *flags, *paths, *start])


def check_ready(ports: Ports) -> None:
    """Raise NotReady until the node answers and its primary shards are there."""
    url = f"{ports.url('opensearch')}/_cluster/health"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            status = json.load(answer)["status"]
    except (OSError, ValueError) as error:
        raise NotReady(f"OpenSearch at {url} does not answer: {error}") from error
    if status == "red":
        raise NotReady(f"OpenSearch at {url} is still recovering its indexes")
