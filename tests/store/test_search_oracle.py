"""The index, the memory and the database give the same hits as a slow, plain look: for thousands of drawn queries."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import real_talk
import search_oracle as oracle
from shelf_of_talk import ask, everything, indexed, memory_of, opened, scan_of, until, words

from collabchat import sample_workspace
from collabchat.store.search import index as index_module
from collabchat.store.search import wanted as w
from collabchat.store.search.held import View
from collabchat.store.seed import Seeder
from collabchat.store.workspace import Workspace

START = 1_700_000_000_000_000
KINDS = ("word", "part", "short", "phrase", "prefix", "sign", "digits", "unspaced", "camel", "any")
ODD = (
    "user_id and userId in getUserID()",
    "C++17 std::vector<int> a->b; x != y",
    "mail to ana.lima@example.org or +49 (0)30 123-456",
    "see /srv/data/late_invoices-2026.csv:17 (v1.2.3-rc1)",
    "#4512 0xdead 0xDEADBEEF 3.14159 1,000,000",
    "会议数据报告已完成。今日の会議資料を確認しました",
    "데이터 오류를 확인했습니다 👍🏽 👩\u200d💻 ❤️ naïve café Ångström",
    "ÄÖÜ straße STRASSE Łódź İstanbul ﬁnal ½ ①",
    "हिन्दी में संदेश, ภาษาไทยไม่มีช่องว่าง",
    "tabs\tand\nlines   and  blanks\u00a0here",
    "don\u2019t `code` ```\nblock\n``` ~~strike~~ **bold**",
    "שָׁלוֹם مُحَمَّد αβγ Ωμέγα ёлка Ёлка й",
)


def drawn(kind: str, chance: random.Random, said: list[oracle.Heard], raw: list[str]) -> str:
    """A query of a kind, out of what was said or nearly so."""
    text = chance.choice(raw)
    match kind:
        case "word":
            return chance.choice(text.split() or ["a"])
        case "part":
            word = chance.choice(re.findall(r"\w{4,}", text) or ["voices"])
            start = chance.randrange(len(word) - 2)
            return word[start : start + chance.randrange(3, 7)]
        case "short":
            return chance.choice(re.findall(r"\b\w{1,2}\b", text) or ["is"])
        case "phrase":
            found = text.split()
            start = chance.randrange(len(found) or 1)
            return " ".join(found[start : start + chance.randrange(2, 5)]) or "a b"
        case "prefix":
            return chance.choice(re.findall(r"\w{2,}", text) or ["in"])[: chance.randrange(1, 6)]
        case "sign":
            found = re.findall(r"\S*[^\w\s]\S*", text) or ["::"]
            return chance.choice(found)[: chance.randrange(1, 12)]
        case "digits":
            return chance.choice(re.findall(r"\S*\d\S*", text) or [str(chance.randrange(1000))])
        case "unspaced":
            found = re.findall(r"[^\x00-\u05ff]+", text) or ["数据"]
            run = chance.choice(found)
            start = chance.randrange(len(run))
            return run[start : start + chance.randrange(1, 5)]
        case "camel":
            humps = list(chance.choice(said).humps) or ["id", "name"]
            return chance.choice(sorted(humps))
        case _:
            start = chance.randrange(len(text))
            return text[start : start + chance.randrange(1, 25)]


def compare(
    workspace: Workspace, views: dict[str, View], count: int, seed: int, kinds: tuple[str, ...] = KINDS
) -> None:
    said = everything(workspace)
    raw = [text for (text,) in workspace.reader().execute("SELECT text FROM messages WHERE text <> ''").fetchall()]
    chance = random.Random(seed)
    rooms = sorted(map(int, workspace.directory.rooms))
    for kind in kinds:
        for number in range(count):
            query, prefix = drawn(kind, chance, said, raw), kind == "prefix"
            if not oracle.plain(query):
                continue
            allowed = rooms if number % 3 else chance.sample(rooms, max(1, len(rooms) // 3))
            within = set(allowed)
            expected = {one.id for one in said if one.room in within and oracle.fits(query, one, prefix=prefix)}
            for name, view in views.items():
                if (name == "database" and number % 20) or (name == "memory" and number % 4):
                    continue
                found = ask(workspace, view, words(query, prefix=prefix), allowed)
                assert found == expected, (kind, name, query)


@pytest.fixture(scope="module")
def small_parts() -> Iterator[None]:
    """Parts of a few hundred messages, so that a test has many of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "CHUNK", 700)
        patch.setattr(index_module, "FLUSH", 0)
        patch.setattr(index_module, "TICK", 0.02)
        patch.setattr(index_module, "MERGE", 3)
        patch.setattr(index_module, "SIZES", (2_000, 5_000))
        yield


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "team"
    sample_workspace.make(folder)
    with Seeder(folder) as seeder:
        ana = seeder.member("ana", at=START)
        room = seeder.room("odd", by=ana, members=[ana], at=START)
        for text in ODD:
            seeder.post(room, ana, text, at=START)
    return folder


def test_the_sample_by_the_index_from_memory_and_through_the_database(sample: Path, small_parts: None) -> None:
    with opened(sample) as workspace, indexed(workspace) as index:
        until(lambda: index.through >= workspace.durable)
        view = index.view()
        assert view.scan_after is None
        assert not view.tail
        views = {"index": view, "memory": memory_of(workspace), "database": scan_of(workspace)}
        compare(workspace, views, 200, seed=1)


def test_every_odd_text_by_each_of_its_parts(sample: Path, small_parts: None) -> None:
    with opened(sample) as workspace, indexed(workspace) as index:
        until(lambda: index.through >= workspace.durable)
        view, said = index.view(), everything(workspace)
        for text in ODD:
            for start in range(0, len(text), 2):
                for size in (1, 2, 3, 5, 9):
                    query = text[start : start + size]
                    if oracle.plain(query):
                        expected = oracle.answer(said, lambda one, q=query: oracle.fits(q, one))
                        assert ask(workspace, view, words(query)) == expected, query


def test_trees_of_words(sample: Path, small_parts: None) -> None:
    with opened(sample) as workspace, indexed(workspace) as index:
        until(lambda: index.through >= workspace.durable)
        view, memory, said = index.view(), memory_of(workspace), everything(workspace)
        chance = random.Random(4)
        texts = [one.text for one in said if len(one.text.split()) > 3]

        def tree(depth: int) -> tuple[w.Wanted, object]:
            if depth == 0 or chance.random() < 0.4:
                term = chance.choice(chance.choice(texts).split())[:8]
                return words(term), lambda one, t=term: oracle.fits(t, one)
            if chance.random() < 0.25:
                node, test = tree(depth - 1)
                return w.Neither(node), lambda one: not test(one)  # type: ignore[operator]
            both = [tree(depth - 1) for _ in range(chance.randrange(2, 4))]
            nodes = tuple(node for node, _ in both)
            if chance.random() < 0.5:
                return w.All(nodes), lambda one: all(test(one) for _, test in both)  # type: ignore[operator]
            return w.Any(nodes), lambda one: any(test(one) for _, test in both)  # type: ignore[operator]

        for number in range(150):
            node, test = tree(3)
            expected = oracle.answer(said, test)  # type: ignore[arg-type]
            assert ask(workspace, view, node) == expected
            if number % 5 == 0:
                assert ask(workspace, memory, node) == expected


def test_real_conversations(tmp_path: Path, small_parts: None) -> None:
    said = real_talk.read(2_500)
    with Seeder(tmp_path / "team") as seeder:
        people = {one.author: "" for one in said}
        for number, name in enumerate(people):
            people[name] = seeder.member(f"m{number}", name=name[:80], at=START)
        inside = list(people.values())
        rooms = {one.room: "" for one in said}
        for name in rooms:
            rooms[name] = seeder.room(name, by=inside[0], members=inside, at=START)
        for number, one in enumerate(said):
            seeder.post(rooms[one.room], people[one.author], one.text, at=START + number)
    with opened(tmp_path / "team") as workspace, indexed(workspace) as index:
        until(lambda: index.through >= workspace.durable)
        compare(workspace, {"index": index.view()}, 100, seed=2)
