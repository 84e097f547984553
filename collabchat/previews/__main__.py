"""The process: ``python -m collabchat.previews FOLDER``, the folder of the files that it will be asked about.

Jobs come in on standard input, what was made of them goes out on standard output, until the hub is gone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from collabchat.previews import limits


def main() -> int:
    """Answer one job after the other."""
    if len(sys.argv) != 2:
        print("usage: python -m collabchat.previews FOLDER", file=sys.stderr)
        return 2
    limits.before_imports()
    jobs_in, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What a library prints must not stand among the answers.
    with Path(os.devnull).open("r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    limits.confine(Path(sys.argv[1]))
    import msgspec

    from collabchat.previews.jobs import read_job, write_made
    from collabchat.previews.making import make

    while (job := read_job(jobs_in)) is not None:
        made, picture = make(job)
        # What one file took is not always given back: the next one is read by a new process.
        if limits.resident() > limits.ENOUGH:
            made = msgspec.structs.replace(made, leaves=True)
        write_made(answers, made, picture)
        if made.leaves:
            break
    return 0


if __name__ == "__main__":
    sys.exit(main())
