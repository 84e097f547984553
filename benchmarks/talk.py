"""Talk with a natural spread of words: few are said often, most are rare; several scripts, code, numbers, emoji.

``workspace(n)`` is a kept workspace of n such messages in 200 rooms, made as `workspaces.workspace` makes its own.
"Everybody" (``user0``) is in all rooms; ``solo`` is a guest who is in one of them alone.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from workspaces import START, STEP, copied, kept

from collabchat.store import schema
from collabchat.store.seed import Seeder

VERSION = 1
MEMBERS = 200
ROOMS = 200
SLICE = 100_000
VOCABULARY = 120_000
RARE = "zyxquorbl"
"""A word that is said once in about 100,000 messages."""

_COMMON = """
    the to a of and in is it that for on you this with not be we have can are was as but if so at or from just
    will would there what they all when do like an has how about out more my get up me no one time by now new
    data table load model report invoice invoices query index file notebook column rows error test branch merge
    review deploy server client meeting tomorrow today numbers plot customer region order orders late early
"""
_ONSETS = "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st t th tr v w z"
_NUCLEI = "a e i o u ai ea ee io ou"
_CODAS = ["", "", "", "n", "r", "l", "s", "t", "m", "ck", "nd", "st", "ng"]
_CHINESE = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后"
    "小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
    "议数据表单会议报告错误"
)
_JAPANESE = "のにはをたがでてとしれさあるいすまらりこかなもよう今日会議資料確認お願いします完了テーブルデータ"
_KOREAN = "이가는을를의에와로도다고하지만회의자료데이터오류확인부탁드립니다오늘내일"
_RUSSIAN = "и в не на что это как из так для же все отчёт таблица данные ошибка завтра сегодня встреча заказ клиент"
_GERMAN = "und die der nicht für mit über Größe Änderung Tabelle Straße läuft heute morgen Besprechung Prüfung"
_EMOJI = "👍 🎉 👀 😀 🚀 ❤️ ✅ 🙏 👩\u200d💻"


def vocabulary(chance: random.Random) -> list[str]:
    """Words in the order of how often they are said."""
    onsets, nuclei = _ONSETS.split(), _NUCLEI.split()
    words = dict.fromkeys(_COMMON.split())
    while len(words) < VOCABULARY:
        syllables = chance.choices((1, 2, 3, 4), (2, 5, 4, 1))[0]
        made = "".join(chance.choice(onsets) + chance.choice(nuclei) + chance.choice(_CODAS) for _ in range(syllables))
        words[made] = None
    return list(words)


class Talk:
    """A source of messages; the same ones for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self.words = vocabulary(self.chance)
        weights = 1 / (np.arange(len(self.words)) + 2.7) ** 1.07
        self._weights = np.cumsum(weights / weights.sum())

    def texts(self, count: int) -> list[str]:
        sizes = np.clip(self.numbers.lognormal(2.2, 0.7, count), 1, 120).astype(int)
        drawn = np.searchsorted(self._weights, self.numbers.random(int(sizes.sum())))
        drawn = np.minimum(drawn, len(self.words) - 1)
        words = [self.words[number] for number in drawn.tolist()]
        ends = np.cumsum(sizes).tolist()
        return [self._message(words[end - size : end]) for size, end in zip(sizes.tolist(), ends, strict=True)]

    def _message(self, words: list[str]) -> str:
        chance = self.chance
        kind = chance.random()
        if kind < 0.05:
            letters = chance.choice((_CHINESE, _CHINESE, _JAPANESE, _KOREAN))
            return "".join(chance.choices(letters, k=2 + 2 * len(words))) + chance.choice(("。", "", "?", " 👍"))
        if kind < 0.08:
            return " ".join(chance.choices(chance.choice((_RUSSIAN, _GERMAN)).split(), k=len(words))) + "."
        if kind < 0.2:
            words.insert(chance.randrange(len(words) + 1), self._code(words))
        if kind > 0.99999:
            words.append(RARE)
        text = " ".join(words)
        text = text[0].upper() + text[1:]
        if chance.random() < 0.3:
            place = chance.randrange(len(text))
            text = text[:place] + text[place:].replace(" ", chance.choice((", ", ". ", " - ", "\n")), 1)
        if chance.random() < 0.05:
            text += " " + chance.choice(_EMOJI.split())
        return text + chance.choice((".", ".", "!", "?", "", "", ""))

    def _code(self, words: list[str]) -> str:
        chance = self.chance
        one, two = chance.choice(words), chance.choice(self.words[:2000])
        number = chance.randrange(100_000)
        return chance.choice(
            (
                f"`{one}_{two}`",
                f"{one.capitalize()}{two.capitalize()}",
                f"/data/{one}/{two}.csv",
                f"#{number}",
                f"v{number % 9}.{number % 31}.{number % 17}",
                f"0x{number:x}",
                f"{one}@{two}.example.org",
                f"https://example.org/{one}/{number}",
                f"std::{two}<{one}>",
                f"{two}.py:{number % 400}",
                str(number),
            )
        )


def workspace(messages: int) -> Path:
    """A kept workspace with this many messages; made where it is not there."""
    name = f"talk{VERSION}-{schema.SCHEMA_VERSION}-{messages}"
    return kept(name, lambda folder: _make(folder, messages), f"{messages:,} messages of talk")


def copy(messages: int, target: Path) -> Path:
    """A copy of a kept workspace that may be written to."""
    return copied(workspace(messages), target)


def _make(folder: Path, messages: int) -> None:
    with Seeder(folder) as seeder:
        people = [seeder.member(f"user{number}", name=f"User {number}", at=START) for number in range(MEMBERS)]
        solo = seeder.member("solo", role="guest", at=START)
        for number in range(ROOMS):
            inside = [*people, solo] if number == 20 else people
            seeder.room(f"room{number}", by=people[0], members=inside, at=START)
    connection = schema.connect(folder)
    talk = Talk()
    try:
        rooms = [room for (room,) in connection.execute("SELECT room FROM rooms ORDER BY room").fetchall()]
        members = [int(one) for one in people]
        row = connection.execute("SELECT max(seq) FROM events").fetchone()
        assert row is not None
        for first in range(0, messages, SLICE):
            _slice(connection, talk, row[0] + 1 + first, first, min(SLICE, messages - first), rooms, members)
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def _slice(
    connection: duckdb.DuckDBPyConnection,
    talk: Talk,
    seq: int,
    first: int,
    count: int,
    rooms: list[int],
    members: list[int],
) -> None:
    where = (talk.numbers.random(count) ** 2 * len(rooms)).astype(int)
    who = (talk.numbers.random(count) ** 2 * len(members)).astype(int)
    said = pa.table(  # noqa: F841 (DuckDB finds it by its name)
        {
            "seq": np.arange(seq, seq + count),
            "room": np.array(rooms)[where],
            "author": np.array(members)[who],
            "at": START + STEP * (1 + first + np.arange(count)),
            "text": talk.texts(count),
        }
    )
    connection.execute(
        """INSERT INTO events SELECT seq, make_timestamp("at"), 'posted', author, room, uuid(),
        to_json({type: 'posted', id: seq::VARCHAR, text: text, kind: 'text'}) FROM said ORDER BY seq"""
    )
    connection.execute(
        """INSERT INTO messages (seq, room, author, time, text, kind, deleted, n_replies, n_reactions, changed)
        SELECT seq, room, author, make_timestamp("at"), text, 'text', false, 0, 0, seq FROM said ORDER BY seq"""
    )


def main() -> None:
    for count in sys.argv[1:]:
        print(workspace(int(count)))


if __name__ == "__main__":
    main()
