"""Make the start-up caches of both JVM servers once, by starting a throw-away copy of each."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from halles_local import java, kafka, opensearch
from halles_local.ports import Ports
from halles_local.preflight import free_base
from halles_local.stack import Stack
from halles_local.waiting import NotReady, wait_until

READY_SECONDS = 120
STOP_SECONDS = 60
PREFIX = "train-"
LISTENERS = ("kafka", "kafka-controller", "opensearch", "opensearch-transport")


def is_needed(stack: Stack) -> bool:
    """Tell whether a start-up cache is missing that was not given up before."""
    return any(not file.exists() and not _given_up(file).exists() for file in _files(stack))


def _files(stack: Stack) -> tuple[Path, Path]:
    return kafka.aot_file(stack), opensearch.aot_file(stack)


def train(stack: Stack) -> None:
    """Make what is missing. A failure is remembered beside the cache and costs start-up time, nothing else."""
    caches = stack.cache / "aot"
    with java.exclusive(caches):
        for interrupted in caches.glob(f"{PREFIX}*"):
            shutil.rmtree(interrupted, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=PREFIX, dir=caches) as folder:
            _train_both(stack, Path(folder))


def _train_both(stack: Stack, folder: Path) -> None:
    ports = Ports(free_base(LISTENERS))
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(_train_kafka, stack, folder / "kafka", ports),
            pool.submit(_train_opensearch, stack, folder / "opensearch", ports),
        ]
        for job in jobs:
            job.result()


def _train_kafka(stack: Stack, folder: Path, ports: Ports) -> None:
    file = kafka.aot_file(stack)
    if file.exists():
        return
    kafka.configure(folder, stack, ports)
    _make(
        file,
        command=lambda flags: kafka.command(stack, folder=folder, extra=flags),
        check=lambda: kafka.check_ready(ports),
    )


def _train_opensearch(stack: Stack, folder: Path, ports: Ports) -> None:
    file = opensearch.aot_file(stack)
    if file.exists():
        return
    opensearch.configure(folder, ports)
    _make(
        file,
        command=lambda flags: opensearch.command(stack, folder=folder, extra=flags),
        check=lambda: opensearch.check_ready(ports),
    )


def _make(file: Path, *, command: Callable[[list[str]], list[str]], check: Callable[[], None]) -> None:
    log = file.with_suffix(".log")

    def run(words: list[str]) -> None:
        with log.open("wb") as output:
            process = subprocess.Popen(words, stdout=output, stderr=output, env={**os.environ, **java.ENVIRONMENT})
        try:
            wait_until(check, seconds=READY_SECONDS, alive=lambda: _check_alive(process))
            process.terminate()
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            process.wait()

    try:
        made = java.train(file, command=command, run=run, log=log)
    except NotReady:
        made = False
    if not made:
        _given_up(file).touch()


def _given_up(file: Path) -> Path:
    return file.with_suffix(".given-up")


def _check_alive(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        raise subprocess.SubprocessError(f"ended with {process.returncode}")
