"""A workspace of the first release: it opens, is upgraded with a copy set aside, and says what it said."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from old_workspaces import AT, make

from collabchat import protocol as p
from collabchat.store import doctor, load, queries, schema
from collabchat.store.workspace import Workspace

# As the first release made them.
TABLES = """
CREATE TABLE events (
    seq BIGINT NOT NULL, time TIMESTAMP NOT NULL, type VARCHAR NOT NULL, actor BIGINT NOT NULL,
    room BIGINT, req UUID, data VARCHAR NOT NULL);
CREATE TABLE members (
    member BIGINT NOT NULL, handle VARCHAR NOT NULL, name VARCHAR NOT NULL, role VARCHAR NOT NULL,
    bot BOOLEAN NOT NULL, joined_at TIMESTAMP NOT NULL, preferences VARCHAR);
CREATE TABLE rooms (
    room BIGINT NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, topic VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL, created_by BIGINT NOT NULL, archived BOOLEAN NOT NULL);
CREATE TABLE memberships (room BIGINT NOT NULL, member BIGINT NOT NULL, since BIGINT NOT NULL);
CREATE TABLE reads (room BIGINT NOT NULL, member BIGINT NOT NULL, upto BIGINT NOT NULL, time TIMESTAMP NOT NULL);
CREATE TABLE messages (
    seq BIGINT NOT NULL, room BIGINT NOT NULL, author BIGINT NOT NULL, time TIMESTAMP NOT NULL, text VARCHAR,
    kind VARCHAR NOT NULL, thread BIGINT, reply_to BIGINT, edited_at TIMESTAMP, deleted BOOLEAN NOT NULL,
    n_replies INTEGER NOT NULL, last_reply_at TIMESTAMP, n_reactions INTEGER NOT NULL, pinned BIGINT,
    changed BIGINT NOT NULL);
CREATE TABLE mentions (message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL);
CREATE TABLE reactions (
    seq BIGINT NOT NULL, message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL,
    emoji VARCHAR NOT NULL, time TIMESTAMP NOT NULL);
CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE presence (member BIGINT NOT NULL, last_seen TIMESTAMP NOT NULL);
INSERT INTO meta VALUES ('version', '1');
"""
# seq, actor, room, data; each a second after the one before.
TALK = """
1 1 - {"type":"member_added","member":"1","handle":"ana","name":"Ana","role":"owner","bot":false}
2 2 - {"type":"member_added","member":"2","handle":"bo","name":"bo","role":"member","bot":false}
3 1 3 {"type":"room_created","name":"pipeline","kind":"public","topic":"loads","members":["1","2"]}
4 1 3 {"type":"posted","id":"4","text":"root, @bo","kind":"text","thread":null,"reply_to":null,"mentions":["2"]}
5 2 3 {"type":"posted","id":"5","text":"reply","kind":"text","thread":"4","reply_to":"4","mentions":[]}
6 2 3 {"type":"edited","id":"5","text":"a reply","author":"2","mentions":[],"mentions_before":[]}
7 2 3 {"type":"reacted","id":"4","emoji":"👍"}
8 1 3 {"type":"pinned","id":"4"}
9 1 3 {"type":"posted","id":"9","text":"","kind":"text","thread":null,"reply_to":null,"mentions":[]}
10 1 3 {"type":"deleted","id":"9","author":"1","thread":null,"mentions_before":[]}
11 2 3 {"type":"topic_set","topic":"nightly loads","text":"set the topic: nightly loads"}
12 2 3 {"type":"read","upto":4,"unread":0,"mentions":0}
13 2 - {"type":"preferences_set","preferences":{"enter":"line","view":"recent","theme":"dark"}}
"""
ROWS = f"""
INSERT INTO members VALUES (1, 'ana', 'Ana', 'owner', false, {AT.format(1)}, NULL),
    (2, 'bo', 'bo', 'member', false, {AT.format(2)}, '{{"enter":"line","view":"recent","theme":"dark"}}');
INSERT INTO rooms VALUES (3, 'pipeline', 'public', 'nightly loads', {AT.format(3)}, 1, false);
INSERT INTO memberships VALUES (3, 1, 3), (3, 2, 3);
INSERT INTO reads VALUES (3, 1, 3, {AT.format(3)}), (3, 2, 4, {AT.format(12)});
INSERT INTO messages VALUES
    (4, 3, 1, {AT.format(4)}, 'root, @bo', 'text', 4, NULL, NULL, false, 1, {AT.format(5)}, 1, 8, 8),
    (5, 3, 2, {AT.format(5)}, 'a reply', 'text', 4, 4, {AT.format(6)}, false, 0, NULL, 0, NULL, 6),
    (9, 3, 1, {AT.format(9)}, NULL, 'text', NULL, NULL, NULL, true, 0, NULL, 0, NULL, 10),
    (11, 3, 2, {AT.format(11)}, 'set the topic: nightly loads', 'system', NULL, NULL, NULL, false, 0, NULL, 0, NULL,
        11);
INSERT INTO mentions VALUES (4, 3, 2);
INSERT INTO reactions VALUES (7, 4, 3, 2, '👍', {AT.format(7)});
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path, TABLES, TALK.split("\n")[1:-1], ROWS)


def _open(folder: Path) -> Workspace:
    return Workspace(folder, lambda _events, _failure: None)


def _said(opened: Workspace) -> list[p.Message]:
    found, before, after = queries.page(opened.reader(), p.History(req=p.new_req(), room="3"))
    assert not before
    assert not after
    return found


def test_it_says_what_it_said_and_what_is_new_can_be_done_in_it(folder: Path) -> None:
    with _open(folder) as opened:
        state = opened.directory
        assert (state.seq, state.members["1"].name, state.members["2"].preferences.enter) == (13, "Ana", "line")
        assert state.members["2"].preferences == p.Preferences(enter="line", theme="dark")
        room = state.rooms["3"]
        assert (room.topic, list(room.members), list(room.pins), room.n_messages) == (
            "nightly loads",
            ["1", "2"],
            ["4"],
            2,
        )
        root, reply, gone, line = _said(opened)
        assert (root.text, root.mentions, root.n_replies, root.pinned) == ("root, @bo", ["2"], 1, True)
        assert root.reactions == [p.Reaction(emoji="👍", members=["2"])]
        assert (root.broadcast, root.forwarded, root.poll) == (False, None, None)
        assert (reply.text, reply.thread, gone.deleted, line.kind) == ("a reply", "4", True, "system")
        assert [one.text for one in queries.versions(opened.reader(), "5", "3")] == ["reply", "a reply"]
        main = p.History(req=p.new_req(), room="3", main=True, system=False)
        assert [one.id for one in queries.page(opened.reader(), main)[0]] == ["4", "9"]
        now = state.time + 1
        asked = p.Posted(id="14", text="x", poll=p.Poll(question="x", options=["a", "b"]))
        opened.decide("1", asked, room="3", req=None, now=now)
        opened.decide("2", p.Voted(id="14", choices=[1]), room="3", req=None, now=now)
        opened.decide("2", p.DraftSet(target="3", text="begun"), room=None, req=None, now=now)
        opened.decide("2", p.StatusSet(status=p.MemberStatus(text="away")), room=None, req=None, now=now)
    with _open(folder) as opened:
        assert opened.directory.members["2"].own.drafts["3"].text == "begun"
        assert opened.directory.members["2"].status == p.MemberStatus(text="away")
        poll = _said(opened)[-1].poll
        assert poll is not None
        assert poll.votes == [[], ["2"]]
    # The tables of then are the ones that the log makes now.
    assert doctor.check(folder).findings == []


def test_the_file_of_then_is_set_aside_as_it_was(folder: Path) -> None:
    before = (folder / schema.FILE).read_bytes()
    _open(folder).close()
    aside = folder / f"{schema.FILE}.v1"
    assert aside.read_bytes() == before
    with duckdb.connect(str(aside), read_only=True) as old:
        assert old.execute("SELECT value FROM meta").fetchall() == [("1",)]
    _open(folder).close()  # and only once
    assert sorted(path.name for path in folder.iterdir()) == [schema.FILE, f"{schema.FILE}.v1"]


def test_an_older_file_is_not_damaged(folder: Path) -> None:
    """The doctor looks at what it will be, and leaves it as it is."""
    before = (folder / schema.FILE).read_bytes()
    report = doctor.check(folder)
    assert report.findings == []
    assert (report.events, report.seq) == (13, 13)
    assert (folder / schema.FILE).read_bytes() == before
    with duckdb.connect(str(folder / schema.FILE)) as connection:
        connection.execute("DELETE FROM mentions")
    assert [finding.where for finding in doctor.check(folder).findings] == ["mentions"]
    doctor.repair(folder)
    assert doctor.check(folder).findings == []
    with _open(folder) as opened:
        assert _said(opened)[0].mentions == ["2"]


def test_the_columns_are_those_of_a_new_file(folder: Path, tmp_path: Path) -> None:
    def columns(file: Path) -> list[tuple[str, str, str]]:
        with duckdb.connect(str(file), read_only=True) as database:
            return database.execute(
                """SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal
                ORDER BY 1, column_index"""
            ).fetchall()

    _open(folder).close()
    _open(tmp_path / "new").close()
    assert columns(folder / schema.FILE) == columns(tmp_path / "new" / schema.FILE)
    with _open(folder) as opened:
        assert load.message_ref(opened.reader(), "4") == opened.refs.get("4")
