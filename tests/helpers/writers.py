"""Processes of writers that each wait for their answer, and note every one.

``python writers.py FOLDER FIRST COUNT POSTS`` runs COUNT of them, numbered from FIRST.
Each writer posts ``w<number>:<n>`` into the room "load" and prints ``number n id`` once it was answered.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

ROOM = "load"


def start(folder: Path, *, first: int, count: int, posts: int) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, str(folder), str(first), str(count), str(posts)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _write(folder: str, number: int, posts: int, said: threading.Lock) -> None:
    import collabchat

    with collabchat.connect(folder, user=f"w{number}", timeout=60) as chat:
        room = chat.room(ROOM)
        room.join()
        for n in range(posts):
            message = room.post(f"w{number}:{n}")
            with said:
                print(number, n, message.id, flush=True)


def main() -> None:
    folder, first, count, posts = sys.argv[1], *map(int, sys.argv[2:])
    said = threading.Lock()
    threads = [
        threading.Thread(target=_write, args=(folder, number, posts, said)) for number in range(first, first + count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
