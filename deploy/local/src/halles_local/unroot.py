"""Run a server that refuses to run as root; standard library only, started by path so that it costs no imports.

Usage: python -I -S unroot.py COMMAND [ARGUMENT...]

As an ordinary user it only replaces itself with the command. As root it makes the command believe that it is another
user: first by a user namespace (the kernel still sees root, so a virtualenv or data below a private /root stays
readable); where that is forbidden, as in some containers, by becoming the user `nobody`, keeping the capability to
read files whatever their owner. `HALLES_UNROOT=setuid` asks for the second way.
"""

import ctypes
import os
import struct
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 28, 47, 2
# Capabilities survive the change of user, and access(2), which Java asks before it opens a file, honours them.
SECBIT_NO_SETUID_FIXUP = 4
CAP_DAC_OVERRIDE = 1
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def enter_user_namespace(libc: ctypes.CDLL) -> bool:
    """Become NOBODY inside a new user namespace; False where the kernel or a sandbox refuses."""
    if libc.unshare(CLONE_NEWUSER):
        return False
    for name, value in (("setgroups", "deny"), ("uid_map", f"{NOBODY} 0 1"), ("gid_map", f"{NOBODY} 0 1")):
        handle = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(handle, value.encode())
        os.close(handle)
    return True


def become_nobody(libc: ctypes.CDLL) -> None:
    """Change to the user NOBODY but keep the right to reach files below folders of root."""
    if libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_SECUREBITS)")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    wanted = 1 << CAP_DAC_OVERRIDE
    header = struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0)
    if libc.capset(header, struct.pack("6I", wanted, wanted, wanted, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")
    if libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_CAP_AMBIENT)")


def main(command: list[str]) -> None:
    """Drop root if we have it, then replace this process by the command."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        if os.environ.get("HALLES_UNROOT") == "setuid" or not enter_user_namespace(libc):
            become_nobody(libc)
    os.execvp(command[0], command)  # noqa: S606 - replacing this process is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
