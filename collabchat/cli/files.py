"""``collabchat files``: list them, or save them into a folder."""

from __future__ import annotations

import argparse
import json
from typing import Any

from collabchat.cli import existing, workspace_of


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    parser.add_argument("--room", metavar="ROOM", help="only those of this room")
    parser.add_argument("--save", type=workspace_of, metavar="FOLDER", help="save them there; nothing is replaced")
    parser.add_argument("--user", metavar="HANDLE", help="whose files: those that your login name may see, unless said")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(options: argparse.Namespace) -> int:
    import collabchat
    from collabchat.client.files import size_text

    with collabchat.connect(existing(options.workspace), user=options.user) as chat:
        frame = chat.files(options.room)
        rows: Any = frame.to_dict("records")
        if options.save is not None:
            return _save(chat, rows, options)
    if options.json:
        print(json.dumps([{**row, "time": row["time"].isoformat()} for row in rows], ensure_ascii=False))
        return 0
    for row in rows:
        when = row["time"].tz_convert(None).strftime("%Y-%m-%d")
        print(f"{row['id']:<10} {when}  {size_text(row['size']):>9}  {row['room']} · {row['author']} · {row['name']}")
    print(f"{len(rows):,} file{'' if len(rows) == 1 else 's'}, {size_text(int(frame['size'].sum()))}.")
    return 0


def _save(chat: Any, rows: list[dict[str, Any]], options: argparse.Namespace) -> int:
    from collabchat.client.archive import unique
    from collabchat.client.downloads import safe_name

    options.save.mkdir(parents=True, exist_ok=True)
    saved = []
    for row, name in zip(rows, unique([safe_name(row["name"]) for row in rows]), strict=True):
        saved.append(str(chat.file(row).save(options.save / name)))
        if not options.json:
            print(saved[-1])
    if options.json:
        print(json.dumps(saved, ensure_ascii=False))
    return 0
