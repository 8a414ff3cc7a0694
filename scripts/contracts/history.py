"""Every version of a contract file that was ever committed since the baseline.

`libs/contracts/baseline.md` marks where history begins: the last commit that changed it. What was committed before was a
draft that nobody ran. Without git (an archive, a shallow clone) the folder `schemas/superseded` holds the old versions.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scripts.contracts.folders import BASELINE


@dataclass(frozen=True)
class Version:
    """The content that a path had in some commit."""

    path: PurePosixPath
    blob: str
    text: str


def committed_versions(root: Path, folder: str) -> list[Version]:
    """All distinct contents of all files below `folder`, oldest first; empty outside a git work tree."""
    pairs = dict.fromkeys(pair for commit in _commits(root, folder) for pair in _files(root, commit, folder))
    texts = _contents(root, sorted({blob for _, blob in pairs}))
    return [Version(PurePosixPath(path), blob, texts[blob]) for path, blob in pairs]


def _commits(root: Path, folder: str) -> list[str]:
    """The baseline commit (or the first one) and every later commit that touched the folder, oldest first."""
    if not (root / ".git").exists() or not _git(root, "rev-list", "--all", "--max-count=1"):
        return []
    floor = _git(root, "log", "-1", "--format=%H", "--", BASELINE).split()
    since = [f"{floor[0]}..HEAD"] if floor else ["HEAD"]
    later = _git(root, "rev-list", "--reverse", "--full-history", *since, "--", folder).split()
    return [*floor, *later]


def _files(root: Path, commit: str, folder: str) -> list[tuple[str, str]]:
    lines = _git(root, "ls-tree", "-r", "-z", commit, "--", folder).split("\0")
    rows = [line.split("\t", 1) for line in lines if line]
    return [(path, meta.split()[2]) for meta, path in rows]


def _contents(root: Path, blobs: list[str]) -> dict[str, str]:
    if not blobs:
        return {}
    output = _git_bytes(root, "cat-file", "--batch", feed="\n".join(blobs) + "\n")
    texts, position = {}, 0
    for blob in blobs:
        end = output.index(b"\n", position)
        size = int(output[position:end].split()[2])
        texts[blob] = output[end + 1 : end + 1 + size].decode()
        position = end + 1 + size + 1
    return texts


def _git(root: Path, *arguments: str) -> str:
    return _git_bytes(root, *arguments).decode()


def _git_bytes(root: Path, *arguments: str, feed: str = "") -> bytes:
    # A clean checkout may belong to somebody else than the one who runs the checks (CI as root).
    command = ["git", "-c", f"safe.directory={root.resolve()}", "-C", str(root), *arguments]
    run = subprocess.run(command, input=feed.encode(), capture_output=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {run.stderr.decode().strip()}")
    return run.stdout
