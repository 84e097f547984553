"""``collabchat doctor``: is a workspace whole?"""

from __future__ import annotations

import argparse
import json

from collabchat.cli import workspace_of


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder; no hub of it may run")
    parser.add_argument(
        "--repair", action="store_true", help="make the tables anew from the log; the damaged file is set aside"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(options: argparse.Namespace) -> int:
    from collabchat.store import doctor

    report = doctor.check(options.workspace)
    aside = None
    if options.repair and any(finding.where != "files" for finding in report.findings):
        aside = doctor.repair(options.workspace)
        found, report = report, doctor.check(options.workspace)
    else:
        found = report
    if options.json:
        print(
            json.dumps(
                {**doctor.as_json(report), "found": doctor.as_json(found)["findings"], "aside": aside and str(aside)}
            )
        )
        return 0 if report.whole else 1
    for finding in found.findings:
        print(f"{finding.where}: {finding.problem}" + ("" if finding.mendable else " (not to be mended)"))
    if aside is not None:
        print(f"The tables were made anew from the log; the damaged file is {aside}.")
    if report.whole:
        print(f"{options.workspace} is whole: {report.events:,} events, up to seq {report.seq:,}.")
        if report.files or report.leftover:
            print(
                f"Its {report.files:,} files are there; {report.leftover:,} more are not needed, and removed in time."
            )
        return 0
    if all(finding.where == "files" for finding in report.findings):
        print(
            "The messages are whole. Put these files back from a backup: each is files/AB/ABCD… in it, by its content."
        )
    elif all(finding.mendable or finding.where == "files" for finding in report.findings):
        print(f"The log is whole, so this can be mended: collabchat doctor {options.workspace} --repair")
    else:
        print("The log itself is damaged: put a backup in its place.")
    return 1
