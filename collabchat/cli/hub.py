"""``collabchat hub``: run it, ask it, stop it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from collabchat.cli import seconds_of, workspace_of

if TYPE_CHECKING:
    from collabchat.protocol import HubStatus


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--stop", action="store_true", help="stop the hub that runs; what it answered is kept")
    what.add_argument("--status", action="store_true", help="say how the hub is that runs")
    parser.add_argument(
        "--idle", type=seconds_of, metavar="SECONDS", help="leave when nobody has been connected for so long"
    )
    parser.add_argument("--tcp", action="store_true", help="listen on a port of this machine, with a token")
    parser.add_argument("--verbose", "-v", action="store_true", help="log to the terminal as well as to hub.log")
    parser.add_argument("--json", action="store_true", help="with --status or --stop: answer in JSON")


def run(options: argparse.Namespace) -> int:
    if options.status:
        return _status(options)
    if options.stop:
        return _stop(options)
    if options.json:
        print("collabchat hub: --json goes with --status or --stop.", file=sys.stderr)
        return 2
    from collabchat.hub.main import run as run_hub

    return run_hub(options.workspace, idle=options.idle, tcp=options.tcp, verbose=options.verbose)


def _status(options: argparse.Namespace) -> int:
    import msgspec

    from collabchat import protocol
    from collabchat.cli.talk import ask

    found = ask(options.workspace, protocol.Status(req=protocol.new_req()), protocol.HubStatus)
    if found is None:
        return _nobody(options)
    status, hub = found
    facts = {
        **msgspec.to_builtins(status),
        "running": True,
        "address": hub.address,
        "workspace": str(options.workspace),
    }
    for word in ("req", "type"):
        facts.pop(word, None)
    if options.json:
        print(json.dumps(facts))
        return 0
    print(f"The hub of {options.workspace} runs.")
    for label, value in _lines(status):
        print(f"  {label:<11} {value}")
    print(f"  {'address':<11} {hub.address}")
    return 0


def _lines(status: HubStatus) -> list[tuple[str, str]]:
    return [
        ("version", f"{status.version}, process {status.pid}, up {_spell(status.uptime)}"),
        ("members", f"{status.members:,}, {status.members_connected:,} here with {status.connections:,} connections"),
        ("messages", f"{status.messages:,} (seq {status.seq:,})"),
        ("commits", f"{status.commits:,}, p50 {status.commit_p50:.1f} ms, p99 {status.commit_p99:.1f} ms"),
        ("queue", f"{status.queue:,} commands wait for the disk"),
        ("database", f"{_size(status.database_bytes)}, write-ahead log {_size(status.log_bytes)}"),
        ("memory", _size(status.memory_bytes)),
    ]


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            break
        number /= 1000
    return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"


def _spell(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def _stop(options: argparse.Namespace) -> int:
    from collabchat.cli.talk import stop

    hub = stop(options.workspace)
    if hub is None:
        return _nobody(options)
    if options.json:
        print(json.dumps({"running": False, "pid": hub.pid, "workspace": str(options.workspace)}))
    else:
        print(f"The hub of {options.workspace} (process {hub.pid}) has stopped.")
    return 0


def _nobody(options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps({"running": False, "workspace": str(options.workspace)}))
    if not options.workspace.is_dir():
        print(f"collabchat hub: there is no folder {options.workspace}.", file=sys.stderr)
    elif not options.json:
        print(f"collabchat hub: no hub of {options.workspace} runs.", file=sys.stderr)
    return 1
