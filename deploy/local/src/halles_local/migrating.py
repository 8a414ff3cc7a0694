"""Migrates the services named on standard input ({name: owner's address}) and prints the name of each that is done."""

import json
import sys

from runtime.migrate import upgrade

if __name__ == "__main__":
    for name, address in json.load(sys.stdin).items():
        upgrade(name, address)
        print(name, flush=True)
