"""Files from Python, against a real hub: sent with messages, found again, fetched, read as tables."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import pickle
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hubs import stop_hub

import collabchat
from collabchat import Chat, Room, errors
from collabchat.client import File

names = (f"room-{number}" for number in itertools.count())
CSV = b"table,seconds\nvisits,12\norders,30\n"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("files") / "team"
    yield folder
    stop_hub(folder)


@pytest.fixture(scope="module")
def ana(team: Path) -> Iterator[Chat]:
    with collabchat.connect(team, user="ana") as chat:
        yield chat


@pytest.fixture(scope="module")
def bo(team: Path, ana: Chat) -> Iterator[Chat]:
    with collabchat.connect(team, "bo") as chat:
        yield chat


@pytest.fixture
def room(ana: Chat, bo: Chat) -> Room:
    return ana.create_room(next(names), members=["bo"], kind="private")


def contents(files: list[File]) -> list[bytes]:
    return [file.read() for file in files]


# ---------------------------------------------------------------- with messages


def test_a_message_with_files(room: Room, bo: Chat, tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    path.write_bytes(CSV)
    message = room.post("the load", files=[path, ("note.txt", b"late"), ("empty.bin", b"")])
    [load, note, empty] = message.files
    assert (load.id, load.message, load.name, load.size, load.kind) == (
        f"{message.id}-1", message.id, "load.csv", len(CSV), "data",
    )  # fmt: skip
    assert (load.room, load.author, load.time) == (room.name, "ana", message.time)
    assert (load.type, load.sha256) == ("text/csv", hashlib.sha256(CSV).hexdigest())
    assert contents(message.files) == [CSV, b"late", b""]
    assert str(note) == "note.txt (4 bytes, text/plain)"
    assert empty.size == 0
    [seen] = bo.room(room.name).history()
    assert seen.files == message.files
    assert contents(seen.files) == contents(message.files)
    assert seen.reload().files == message.files
    assert hash(seen) == hash(message)
    assert bo.room(room.name).history().frame()["n_files"].tolist() == [3]
    assert bo.messages().set_index("id").loc[message.id, "n_files"] == 3


def test_how_they_look(room: Room, ana: Chat) -> None:
    message = room.post("the load", files=[("a<b>.csv", CSV)])
    assert str(message).endswith(f"ana: the load\n[{message.files[0].name} (34 bytes, text/csv)]")
    assert "a<b>" not in message._repr_html_()
    assert str(room.post(files=[("c.txt", b"abc")])).endswith("ana: [c.txt (3 bytes, text/plain)]")
    forwarded = message.forward(ana.create_room(next(names)))
    assert "> the load\n[" in str(forwarded)


def test_of_a_conversation_of_two(ana: Chat, bo: Chat) -> None:
    direct = ana.direct("bo")
    [file] = direct.post("https://example.org/two", files=[("two.txt", b"abc")]).files
    assert direct.files()["id"].tolist() == [file.id]
    assert ana.links(direct)["url"].tolist() == ["https://example.org/two"]
    assert bo.file(bo.files("@ana,@bo").iloc[0]).read() == b"abc"
    assert bo.file(file.id).room == "@ana,@bo"


def test_a_message_of_files_alone(room: Room) -> None:
    message = room.post(files=("a.txt", b"abc"))
    assert (message.text, len(message.files)) == ("", 1)
    with pytest.raises(errors.Invalid, match="or a file"):
        room.post()
    with pytest.raises(errors.Invalid, match="or a file"):
        room.post("  ", files=[])
    room.edit(message, "words")
    room.edit(message, "")
    assert message.reload().files == message.files
    with pytest.raises(errors.Invalid):
        room.edit(room.post("words"), "")


def test_in_threads_and_quotations(room: Room) -> None:
    root = room.post("how long?")
    reply = root.reply(files=[("a.txt", b"reply")])
    assert reply.thread == root.id
    assert contents(room.thread(root).post("also", files=[("b.txt", b"thread")], also_to_room=True).files) == [
        b"thread"
    ]
    assert contents(root.quote(files=[("c.txt", b"quote")]).files) == [b"quote"]
    assert [len(one.files) for one in room.thread(root).replies()] == [1, 1]


def test_forwarded_and_sent_again(room: Room, ana: Chat) -> None:
    message = room.post("the load", files=[("load.csv", CSV)])
    other = ana.create_room(next(names))
    forwarded = message.forward(other, "worth reading")
    assert contents(forwarded.files) == [CSV]
    assert forwarded.files[0].id == f"{forwarded.id}-1"
    again = other.post(files=[*message.files, ("other.csv", CSV)])
    assert [file.name for file in again.files] == ["load.csv", "other.csv"]
    assert contents(again.files) == [CSV, CSV]


def test_scheduled(room: Room, ana: Chat) -> None:
    later = room.send_later("", timedelta(seconds=0.4), files=[("a.txt", b"later")])
    assert later.files == ("a.txt",)
    for event in ana.listen(timeout=20):
        if event.type == "posted":
            break
    [posted] = room.history()
    assert contents(posted.files) == [b"later"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\temp\\\\load.csv", "load.csv"),
        ("a\nb\u202egnp.exe", None),
        ("nul.txt", None),
        ("x" * 300 + ".csv", None),
        ("報告書" * 40 + ".csv", None),
        (" . ", None),
        ("📈 q3.csv", "📈 q3.csv"),
    ],
)
def test_hostile_names_are_safe_to_save(room: Room, tmp_path: Path, given: str, kept: str | None) -> None:
    [file] = room.post(files=[(given, CSV)]).files
    assert file.name == kept or kept is None
    saved = file.save(tmp_path)
    assert saved.parent == tmp_path
    assert saved.read_bytes() == CSV
    assert len(os.fsencode(file.name)) <= 255
    assert [one.name for one in tmp_path.iterdir()] == [saved.name]


def test_a_limit_is_said_before_anything_travels(room: Room, ana: Chat) -> None:
    many = [(f"{number}.txt", b"x") for number in range(11)]
    with pytest.raises(errors.TooLarge, match="at most 10 files"):
        room.post("x", files=many)
    with pytest.raises(errors.TooLarge, match="1 byte too many"):
        room.post("x", files=[("a", bytes(47_500_000)), ("b", bytes(47_500_001))])
    assert ana._session.request(collabchat.protocol.Ping(req=collabchat.protocol.new_req())).seq == ana.seq


def test_settings(room: Room, ana: Chat, bo: Chat) -> None:
    assert (ana.settings["attachments"], ana.settings["attachment_bytes"]) == (10, 95_000_000)
    try:
        ana.set_settings(attachments=1, attachment_bytes=100)
        assert ana.settings["attachments"] == 1
        for _ in bo.listen(since=0, timeout=0.1):
            pass
        assert bo.settings == ana.settings
        with pytest.raises(errors.TooLarge, match="at most 1 file; these are 2"):
            bo.room(room.name).post(files=[("a", b""), ("b", b"")])
        with pytest.raises(errors.TooLarge, match="at most 100 bytes"):
            bo.room(room.name).post(files=[("a", bytes(101))])
        with pytest.raises(errors.Forbidden):
            bo.set_settings(attachments=5)
    finally:
        ana.set_settings(attachments=10, attachment_bytes=95_000_000)
    for wrong in ({}, {"attachments": -1}, {"attachments": 101}, {"quota": "all"}, {"link_titles": 1},
                  {"collect_after": True}):  # fmt: skip
        with pytest.raises(errors.Invalid):
            ana.set_settings(**wrong)


def test_files_of_several_threads_at_once(room: Room) -> None:
    sent = {f"{number}.bin": os.urandom(300_000 + number) for number in range(8)}
    done: list[File] = []

    def post(name: str) -> None:
        done.extend(room.post(files=[(name, sent[name])]).files)

    threads = [threading.Thread(target=post, args=(name,)) for name in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {file.name: file.read() for file in done} == sent


# ---------------------------------------------------------------- found again


def test_the_frames(room: Room, ana: Chat, bo: Chat) -> None:
    first = room.post("see https://example.org/a and https://example.org/b", files=[("a.txt", b"a"), ("b.csv", CSV)])
    second = room.post("https://example.org/a", files=[("c.txt", b"c")])
    files = room.files()
    assert files["id"].tolist() == [f"{first.id}-1", f"{first.id}-2", f"{second.id}-1"]
    assert files["name"].tolist() == ["a.txt", "b.csv", "c.txt"]
    assert files["size"].tolist() == [1, len(CSV), 1]
    assert set(files["room"]) == {room.name}
    assert bo.files(room.name).equals(files)
    links = room.links()
    assert links["url"].tolist() == ["https://example.org/a", "https://example.org/b", "https://example.org/a"]
    assert links["message"].tolist() == [first.id, first.id, second.id]
    assert links["title"].isna().all()
    assert str(links.dtypes["title"]) == str(links.dtypes["url"]) == "string"
    second.delete()
    assert len(room.files()) == 2
    assert len(ana.links(room)) == 2
    counted = ana.sql("select count(*) n, sum(size) s from files where room = $room", room=room.name)
    assert counted.iloc[0].tolist() == [2, 1 + len(CSV)]
    assert ana.sql("select count(*) n from links where room = $room", room=room.name)["n"].item() == 2


def test_a_file_by_its_id_or_row(room: Room, ana: Chat, bo: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    [load] = room.post("x", files=[("load.csv", CSV)]).files
    rows = ana.files(room)
    frame: Any = rows
    copy = pickle.loads(pickle.dumps(load))
    for given in (load.id, load, rows.iloc[0], next(rows.itertuples()), {"id": load.id}, copy,
                  {"id": load.id, "room": "gone"}, frame.to_dict("records")[0]):  # fmt: skip
        assert ana.file(given) == load
        assert ana.file(given).df()["seconds"].sum() == 42
    assert bo.file(load).read() == CSV, "a file of another chat is looked up in this one"
    room.rename(next(names))
    assert ana.file(load.id).room == room.name
    for wrong in ("1824", "", "x-1", 12, None, 1.5, {"name": "x"}, "0-1", "12-0", load.message):
        with pytest.raises(errors.Invalid, match="names no file"):
            ana.file(wrong)
    for gone in (f"{load.message}-2", "999999-1"):
        with pytest.raises(errors.NotFound, match=f"no file {gone}"):
            ana.file(gone)


def test_many_files_by_id_ask_for_the_frame_once(room: Room, ana: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [file.id for file in room.post("x", files=[(f"{number}", b"x") for number in range(5)]).files]
    asked: list[str] = []
    table = ana._tables._fetch
    monkeypatch.setattr(ana._tables, "_fetch", lambda name, since: asked.append(name) or table(name, since))
    assert [ana.file(id).name for id in ids] == ["0", "1", "2", "3", "4"]
    assert asked == ["files"]


def test_who_may_not_see_it(room: Room, ana: Chat, bo: Chat, team: Path) -> None:
    message = room.post("x", files=[("a.txt", b"secret")])
    theirs = bo.file(message.files[0].id)
    assert theirs.read() == b"secret"
    with collabchat.connect(team, "cy") as cy:
        with pytest.raises(errors.NotFound):
            cy.file(message.files[0].id)
        assert room.name not in set(cy.files()["room"])
        with pytest.raises(errors.NotFound):
            theirs._bind(cy._session).read()
    theirs._bind(bo._session)
    room.remove("bo")
    with pytest.raises(errors.NotFound):
        theirs.read()
    with pytest.raises(errors.NotFound):
        bo.file(theirs.id)
    message.delete()
    with pytest.raises(errors.NotFound):
        message.files[0].read()
    assert message.reload().files == []


def test_copies_without_a_chat_say_so(room: Room) -> None:
    [file] = room.post(files=[("a.txt", b"abc")]).files
    copy = pickle.loads(pickle.dumps(file))
    assert copy == file
    with pytest.raises(errors.Invalid, match=rf"use chat.file\('{file.id}'\)"):
        copy.read()
    assert pickle.loads(pickle.dumps(room.history()[0])).files == [file]


# ---------------------------------------------------------------- fetched


class TestSave:
    @pytest.fixture
    def file(self, room: Room) -> File:
        return room.post(files=[("load.csv", CSV)]).files[0]

    def test_into_a_folder_or_under_a_name(self, file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert file.save(tmp_path) == tmp_path / "load.csv"
        assert file.save(str(tmp_path / "other.csv")) == tmp_path / "other.csv"
        monkeypatch.chdir(tmp_path)
        Path("load.csv").unlink()
        assert file.save() == Path("load.csv")
        assert {one.read_bytes() for one in tmp_path.iterdir()} == {CSV}
        assert len(list(tmp_path.iterdir())) == 2

    def test_replaces_nothing_unless_told(self, file: File, tmp_path: Path) -> None:
        target = tmp_path / "load.csv"
        target.write_bytes(b"mine")
        with pytest.raises(errors.Conflict, match="overwrite=True"):
            file.save(tmp_path)
        assert target.read_bytes() == b"mine"
        assert file.save(tmp_path, overwrite=True).read_bytes() == CSV
        before = target.stat()
        assert file.save(tmp_path) == target, "what is there need not come again: a cell may be run twice"
        assert target.stat() == before
        target.write_bytes(b"x" * len(CSV))
        with pytest.raises(errors.Conflict):
            file.save(tmp_path)
        (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
        with pytest.raises(errors.Conflict):
            file.save(tmp_path / "dangling")

    def test_a_file_that_came_meanwhile_stays(
        self, file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        target = tmp_path / "load.csv"
        own = File._fetch

        def late(self: File, *args: Any) -> None:
            own(self, *args)
            target.write_bytes(b"theirs")

        monkeypatch.setattr(File, "_fetch", late)
        with pytest.raises(errors.Conflict):
            file.save(target)
        assert target.read_bytes() == b"theirs"
        assert list(tmp_path.iterdir()) == [target]

    def test_places_that_are_none(self, file: File, tmp_path: Path) -> None:
        with pytest.raises(errors.NotFound, match="no folder"):
            file.save(tmp_path / "nowhere" / "load.csv")
        with pytest.raises(errors.NotFound, match="no folder"):
            file.save(f"{tmp_path}/nowhere/")
        (tmp_path / "load.csv").mkdir()
        with pytest.raises(errors.Conflict, match="is a folder"):
            file.save(tmp_path)
        with pytest.raises(errors.Invalid, match="A path is text"):
            file.save(5)  # type: ignore[arg-type]

    def test_it_is_there_for_whom_the_folder_is(self, file: File, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            saved = file.save(tmp_path)
        finally:
            os.umask(before)
        assert saved.stat().st_mode & 0o777 == 0o640


def test_a_damaged_file_is_said_to_be_so_and_not_saved(room: Room, team: Path, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    [file] = room.post(files=[("big.bin", content)]).files
    [blob] = (team / "files").rglob(file.sha256)
    mode = blob.stat().st_mode
    blob.chmod(0o600)
    blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    blob.chmod(mode)
    with pytest.raises(errors.WorkspaceError, match=r"'big\.bin' is damaged"):
        file.save(tmp_path)
    with pytest.raises(errors.WorkspaceError, match=r"'big\.bin' is damaged"):
        file.read()
    blob.chmod(0o600)
    blob.write_bytes(content[:1_500_000])
    with pytest.raises(errors.WorkspaceError):
        file.read()
    assert list(tmp_path.iterdir()) == []


def test_an_open_file_can_be_moved_in(room: Room) -> None:
    content = os.urandom(2_500_000)
    [file] = room.post(files=[("a.bin", content)]).files
    with file.open() as opened:
        assert opened.read(10) == content[:10]
        opened.seek(-10, io.SEEK_END)
        assert opened.read() == content[-10:]
        opened.seek(1_048_570)
        assert opened.read(20) == content[1_048_570:1_048_590]


def test_text(room: Room) -> None:
    [plain, marked, latin] = room.post(
        files=[("a.txt", "späť".encode()), ("b.txt", "späť".encode("utf-8-sig")), ("c.txt", "café".encode("latin-1"))]
    ).files
    assert (plain.text(), marked.text(), latin.text("latin-1")) == ("späť", "späť", "café")
    with pytest.raises(errors.Invalid, match=r"'c\.txt' is no text in utf-8"):
        latin.text()
    with pytest.raises(errors.Invalid, match="no text in klingon"):
        latin.text("klingon")


def test_a_zip(room: Room, ana: Chat, tmp_path: Path) -> None:
    noise = os.urandom(1_500_000)
    room.post(files=[("load.csv", CSV * 1000), ("noise.bin", noise), ("LOAD.csv", b"x")])
    room.post(files=[("load.csv", b"second"), ("empty", b"")])
    target = ana.download(room.files(), tmp_path / "all.zip")
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        found = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        assert archive.getinfo("load.csv").compress_size < 10_000
    assert found == {
        "load.csv": CSV * 1000, "noise.bin": noise, "LOAD (2).csv": b"x", "load (3).csv": b"second", "empty": b"",
    }  # fmt: skip
    assert ana.download(room.files()["id"].iloc[0], tmp_path) == tmp_path / "files.zip"
    with pytest.raises(errors.Conflict):
        ana.download(room.files(), target)
    with pytest.raises(errors.Invalid, match="no files"):
        ana.download([], tmp_path / "none.zip")
    with pytest.raises(errors.NotFound):
        ana.download([room.files()["id"].iloc[0], "99999-1"], tmp_path / "some.zip")
    assert {one.name for one in tmp_path.iterdir()} == {"all.zip", "files.zip"}


def test_a_table(room: Room, tmp_path: Path) -> None:
    frame = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=3), "seconds": [1.5, 2.0, None]})
    parquet = io.BytesIO()
    frame.to_parquet(parquet)
    [file, csv, text] = room.post(files=[("day.parquet", parquet), ("load.csv", CSV), ("note.pdf", b"late")]).files
    assert file.df().equals(frame)
    assert file.df(columns=["seconds"]).columns.tolist() == ["seconds"]
    assert csv.df(index_col="table")["seconds"].to_dict() == {"visits": 12, "orders": 30}
    with pytest.raises(errors.Invalid, match=r"'note\.pdf' is no table"):
        text.df()
