"""What every child process inherits from the caller: a short list, so that a stack does not depend on a shell."""

import os

from halles_local.stack import Stack

INHERITED = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HALLES_UNROOT",
)
# Marks every process of a stack, so that leftovers of a killed supervisor can be told from other programs.
MARKER = "HALLES_STACK"


def inherited(stack: Stack) -> dict[str, str]:
    """Return the inherited variables plus the marker of the stack; PYTHONDONTWRITEBYTECODE never gets through."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**kept, MARKER: str(stack.home)}
