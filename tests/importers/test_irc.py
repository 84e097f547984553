from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import collabchat as cc
from collabchat.errors import Invalid
from collabchat.importers.readers.irc_marks import plain

IRSSI = """\
--- Log opened Sat Dec 31 23:58:01 2022
23:58 -!- ana [~ana@host] has joined #load
23:58 <@ana> Is it \x02done\x02?
23:59 < bo> ana: not yet
23:59 * bo waves
--- Day changed Sun Jan 01 2023
00:01 < ana> bo: happy new year
00:02 -!- bo is now known as bo_away
"""
WEECHAT = """\
2023-05-01 10:00:00\t-->\tana (~ana@host) has joined #load
2023-05-01 10:00:05\tana\thello
2023-05-01 10:00:06\t@bo\tana: hi
2023-05-01 10:00:07\t *\tana waves
2023-05-01 10:00:09\t<--\tana (~ana@host) has quit (later)
"""
ZNC = """\
[23:59:58] <ana> late
[23:59:59] *** Joins: bo (~bo@host)
[00:00:03] <bo> past midnight
"""


def log(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def minutes(frame: pd.DataFrame) -> list[str]:
    return frame["time"].dt.strftime("%Y-%m-%d %H:%M").tolist()


def test_irssi(tmp_path: Path) -> None:
    talk = cc.importers.read(log(tmp_path, "#load.log", IRSSI))
    found = talk.messages
    assert talk.format == "irc"
    assert talk.rooms["room"].tolist() == ["#load"]
    assert found["kind"].tolist() == ["system", "text", "text", "text", "text", "system"]
    assert found["author"].tolist() == ["ana", "ana", "bo", "bo", "ana", "bo"]
    assert found["text"].tolist()[1:5] == ["Is it **done**?", "@ana: not yet", "_waves_", "@bo: happy new year"]
    assert found["mentions"].tolist()[2] == ["ana"]
    assert minutes(found)[1:5] == ["2022-12-31 23:58", "2022-12-31 23:59", "2022-12-31 23:59", "2023-01-01 00:01"]


def test_weechat_in_a_time_zone(tmp_path: Path) -> None:
    found = cc.importers.read(log(tmp_path, "irc.net.#load.weechatlog", WEECHAT), tz="Europe/Berlin").messages
    assert found["kind"].tolist() == ["system", "text", "text", "text", "system"]
    assert found["text"].tolist()[1:4] == ["hello", "@ana: hi", "_waves_"]
    assert minutes(found)[0] == "2023-05-01 08:00"


def test_a_log_goes_on_past_midnight(tmp_path: Path) -> None:
    found = cc.importers.read(log(tmp_path, "#load/2024-02-28.log", ZNC)).messages
    assert minutes(found) == ["2024-02-28 23:59", "2024-02-28 23:59", "2024-02-29 00:00"]
    assert found["room"].unique().tolist() == ["#load"]


def test_a_date_that_nobody_wrote_is_asked_for(tmp_path: Path) -> None:
    path = log(tmp_path, "load.log", ZNC)
    with pytest.raises(Invalid, match=r"date='2024-05-31'"):
        cc.importers.read(path)
    assert minutes(cc.importers.read(path, date="2024-02-28").messages)[0] == "2024-02-28 23:59"
    yearless = log(tmp_path, "other.log", "Dec 31 23:59:01 <ana> old\nJan 01 00:01:02 <bo> new\n")
    with pytest.raises(Invalid, match="year=2024"):
        cc.importers.read(yearless)
    assert minutes(cc.importers.read(yearless, year=2020).messages) == ["2020-12-31 23:59", "2021-01-01 00:01"]


def test_lines_that_begin_with_a_channel(tmp_path: Path) -> None:
    text = "#load 2024-03-01 09:00:00 <ana> one\n#help 2024-03-01 09:01:00 <bo> two\n"
    found = cc.importers.read(log(tmp_path, "all.log", text)).messages
    assert found[["room", "author", "text"]].to_numpy().tolist() == [["#load", "ana", "one"], ["#help", "bo", "two"]]


def test_answers_that_were_marked_by_hand(tmp_path: Path) -> None:
    log(tmp_path, "2024-03-01.raw.txt", "[09:00] <ana> who?\n=== bo joined #load\n[09:01] <bo> me\n")
    log(tmp_path, "2024-03-01.annotation.txt", "0 0 -\n0 2 -\n")
    found = cc.importers.read(tmp_path).messages
    assert found["reply_to"].tolist()[2] == found["id"][0]
    assert found["kind"].tolist() == ["text", "system", "text"]


def test_a_pattern_of_ones_own(tmp_path: Path) -> None:
    text = "1|2024-03-01|09:00|ana|one\nnonsense\n2|2024-03-01|09:05|bo|two\n"
    path = log(tmp_path, "own.log", text)
    pattern = r"\d+\|(?P<date>[\d-]+)\|(?P<time>[\d:]+)\|(?P<nick>\w+)\|(?P<text>.*)"
    talk = cc.importers.read(path, format="irc", pattern=pattern, room="load")
    assert talk.messages[["room", "author", "text"]].to_numpy().tolist() == [
        ["load", "ana", "one"],
        ["load", "bo", "two"],
    ]
    assert talk.broken[["line", "record"]].to_numpy().tolist() == [[2, "nonsense"]]
    for wrong, said in (("(", "no regular expression"), ("(?P<nick>a)", "needs the groups"), ("(?P<who>a)", "'who'")):
        with pytest.raises(Invalid, match=said):
            cc.importers.read(path, format="irc", pattern=wrong)


def test_keys_are_the_same_in_a_longer_log(tmp_path: Path) -> None:
    short = cc.importers.read(log(tmp_path / "a", "#load.log", IRSSI)).messages
    longer = cc.importers.read(
        log(tmp_path / "b", "#load.log", IRSSI + "00:03 < ana> more\n00:03 < ana> more\n")
    ).messages
    assert longer["id"].tolist()[: len(short)] == short["id"].tolist()
    assert longer["id"].is_unique


def test_marks() -> None:
    assert plain("\x0304red\x03 and \x02bold \x02then \x1dslanted") == "red and **bold** then _slanted_"
    assert plain("nothing at all") == "nothing at all"
