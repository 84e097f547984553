"""A workspace from before there were files: it opens with all it had, and its links are found."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from old_workspaces import AT, make

from collabchat import protocol as p
from collabchat.store import doctor, load, queries, schema, shared
from collabchat.store.workspace import Workspace

# As the release before this one made them.
TABLES = """
CREATE TABLE events (
    seq BIGINT NOT NULL, time TIMESTAMP NOT NULL, type VARCHAR NOT NULL, actor BIGINT NOT NULL,
    room BIGINT, req UUID, data VARCHAR NOT NULL);
CREATE TABLE members (
    member BIGINT NOT NULL, handle VARCHAR NOT NULL, name VARCHAR NOT NULL, role VARCHAR NOT NULL,
    bot BOOLEAN NOT NULL, joined_at TIMESTAMP NOT NULL, preferences VARCHAR, status VARCHAR, picture VARCHAR);
CREATE TABLE rooms (
    room BIGINT NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, topic VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL, created_by BIGINT NOT NULL, archived BOOLEAN NOT NULL);
CREATE TABLE memberships (room BIGINT NOT NULL, member BIGINT NOT NULL, since BIGINT NOT NULL);
CREATE TABLE reads (room BIGINT NOT NULL, member BIGINT NOT NULL, upto BIGINT NOT NULL, time TIMESTAMP NOT NULL);
CREATE TABLE messages (
    seq BIGINT NOT NULL, room BIGINT NOT NULL, author BIGINT NOT NULL, time TIMESTAMP NOT NULL, text VARCHAR,
    kind VARCHAR NOT NULL, thread BIGINT, reply_to BIGINT, edited_at TIMESTAMP, deleted BOOLEAN NOT NULL,
    n_replies INTEGER NOT NULL, last_reply_at TIMESTAMP, n_reactions INTEGER NOT NULL, pinned BIGINT,
    changed BIGINT NOT NULL, broadcast BOOLEAN, forwarded VARCHAR, poll VARCHAR);
CREATE TABLE mentions (message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL);
CREATE TABLE reactions (
    seq BIGINT NOT NULL, message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL,
    emoji VARCHAR NOT NULL, time TIMESTAMP NOT NULL);
CREATE TABLE votes (
    seq BIGINT NOT NULL, message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL,
    choices VARCHAR NOT NULL);
CREATE TABLE personal (
    member BIGINT NOT NULL, kind VARCHAR NOT NULL, key VARCHAR NOT NULL, room BIGINT, seq BIGINT NOT NULL,
    data VARCHAR NOT NULL);
CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE presence (member BIGINT NOT NULL, last_seen TIMESTAMP NOT NULL);
INSERT INTO meta VALUES ('version', '2');
"""
ORIGIN = '{"id":"4","room":"3","author":"1","time":1714550404000000,"text":"see [docs](https://Example.org/a), please"}'
WAITING = (
    '{"id":"10","room":"3","text":"later","at":1914550404000000,"reply_to":null,"quote":false,"broadcast":false,'
    '"problem":null}'
)
NEVER = WAITING.replace('"10"', '"12"').replace("later", "never").replace('"problem":null', '"problem":"gone"')
# seq, actor, room, data; each a second after the one before.
TALK = """
1 1 - {"type":"member_added","member":"1","handle":"ana","name":"Ana","role":"owner","bot":false}
2 2 - {"type":"member_added","member":"2","handle":"bo","name":"bo","role":"member","bot":false}
3 1 3 {"type":"room_created","name":"pipeline","kind":"public","topic":"loads","members":["1","2"]}
4 1 3 {"type":"posted","id":"4","text":"see [docs](https://Example.org/a), please","kind":"text"}
5 2 3 {"type":"posted","id":"5","text":"no link: file.py v1.2.3","kind":"text"}
6 2 3 {"type":"posted","id":"6","text":"was elsewhere: http://localhost:8888/lab and https://example.org/a","kind":"text"}
7 2 3 {"type":"posted","id":"7","text":"","kind":"text"}
8 2 3 {"type":"deleted","id":"7","author":"2","thread":null,"mentions_before":[]}
9 2 3 {"type":"topic_set","topic":"https://topic.example","text":"set the topic: https://topic.example"}
10 1 - {"type":"scheduled","target":"3","text":"later","at":1914550404000000}
"""
UNSENT = """
12 2 - {"type":"scheduled","target":"3","text":"never","at":1914550404000000}
13 2 - {"type":"unsent","id":"12","problem":"gone"}
"""
FORWARD = '11 1 3 {"type":"posted","id":"11","text":"","kind":"text","forwarded":' + ORIGIN + "}"


def _message(seq: int, author: int, text: str, rest: str = "false, 0, NULL, 0, NULL, {}, NULL, NULL, NULL") -> str:
    return f"({seq}, 3, {author}, {AT.format(seq)}, {text}, 'text', NULL, NULL, NULL, {rest.format(seq)})"


ROWS = f"""
INSERT INTO members VALUES (1, 'ana', 'Ana', 'owner', false, {AT.format(1)}, NULL, NULL, NULL),
    (2, 'bo', 'bo', 'member', false, {AT.format(2)}, NULL, NULL, NULL);
INSERT INTO rooms VALUES (3, 'pipeline', 'public', 'https://topic.example', {AT.format(3)}, 1, false);
INSERT INTO memberships VALUES (3, 1, 3), (3, 2, 3);
INSERT INTO reads VALUES (3, 1, 3, {AT.format(3)}), (3, 2, 3, {AT.format(3)});
INSERT INTO messages VALUES
    {_message(4, 1, "'see [docs](https://Example.org/a), please'")},
    {_message(5, 2, "'no link: file.py v1.2.3'")},
    {_message(6, 2, "'was elsewhere: http://localhost:8888/lab and https://example.org/a'")},
    {_message(7, 2, "NULL", "true, 0, NULL, 0, NULL, 8, NULL, NULL, NULL")},
    (9, 3, 2, {AT.format(9)}, 'set the topic: https://topic.example', 'system', NULL, NULL, NULL, false, 0, NULL, 0,
        NULL, 9, NULL, NULL, NULL),
    (11, 3, 1, {AT.format(11)}, '', 'text', NULL, NULL, NULL, false, 0, NULL, 0, NULL, 11, NULL, '{ORIGIN}', NULL);
INSERT INTO personal VALUES (1, 'scheduled', '10', 3, 10, '{WAITING}'),
    (2, 'scheduled', '12', 3, 12, '{NEVER}');
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path, TABLES, [*TALK.split("\n")[1:-1], FORWARD, *UNSENT.split("\n")[1:-1]], ROWS)


def _open(folder: Path) -> Workspace:
    return Workspace(folder, lambda _events, _failure: None)


def test_its_links_are_found_and_files_can_be_posted(folder: Path) -> None:
    with _open(folder) as opened:
        assert opened.directory.settings == p.WorkspaceSettings()
        assert opened.reader().execute("SELECT message, number, author, url FROM links ORDER BY ALL").fetchall() == [
            (4, 1, 1, "https://example.org/a"),
            (6, 1, 2, "http://localhost:8888/lab"),
            (6, 2, 2, "https://example.org/a"),
            (11, 1, 1, "https://example.org/a"),
        ]
        [first, second] = shared.listed(opened.reader(), p.Shared(req=p.new_req(), room="3")).entries
        assert isinstance(first, p.SharedLink)
        assert isinstance(second, p.SharedLink)
        assert (first.url, first.messages, first.n_messages) == ("https://example.org/a", ["11", "6", "4"], 3)
        assert (second.url, second.messages) == ("http://localhost:8888/lab", ["6"])
        assert opened.directory.members["1"].own.scheduled["10"].files == []
        assert opened.directory.members["2"].own.scheduled["12"].problem == "gone"
        assert opened.directory.rooms["3"].last == p.LastMessage(
            id="11",
            author="1",
            time=opened.directory.time - 2_000_000,
            text="see [docs](https://Example.org/a), please",
        )
        found = queries.messages_by_id(opened.reader(), ["4", "7"])
        assert [one.files for one in found] == [[], []]
        file = p.Attachment(name="a.csv", size=1, type="text/csv", kind="data", sha256="0" * 64)
        new = p.Posted(id="14", text="", files=[file])
        opened.decide("1", new, room="3", req=None, now=opened.directory.time + 1)
        changed = p.Edited(id="4", text="no more", author="1")
        opened.decide("1", changed, room="3", req=None, now=opened.directory.time + 1)
    with _open(folder) as opened:
        assert queries.messages_by_id(opened.reader(), ["14"])[0].files == [file]
        assert opened.reader().execute("SELECT count(*) FROM links WHERE message = 4").fetchone() == (0,)
        assert load.message_ref(opened.reader(), "14") == opened.refs.get("14")
    # The tables of then are the ones that the log makes now; only the file of that name is not there.
    assert [one.where for one in doctor.check(folder).findings] == ["files"]


def test_the_columns_are_those_of_a_new_file(folder: Path, tmp_path: Path) -> None:
    def columns(file: Path) -> list[tuple[str, str, str]]:
        with duckdb.connect(str(file), read_only=True) as database:
            return database.execute(
                """SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal
                ORDER BY 1, column_index"""
            ).fetchall()

    before = (folder / schema.FILE).read_bytes()
    _open(folder).close()
    assert (folder / f"{schema.FILE}.v2").read_bytes() == before
    _open(tmp_path / "new").close()
    assert columns(folder / schema.FILE) == columns(tmp_path / "new" / schema.FILE)
    assert doctor.check(folder).findings == []
