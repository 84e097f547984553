"""Threads: replies that stand in both places, who is told of new ones, and which one has to look at."""

from __future__ import annotations

from pathlib import Path

from house import Person, house, run

from collabchat import protocol as p


async def _followers(person: Person, root: p.Id) -> list[p.Id]:
    found: p.People = await person.ask(p.Followers(req=p.new_req(), id=root))
    return found.members


async def _threads(person: Person, **more: int) -> tuple[list[p.Id], bool]:
    found: p.Listing = await person.ask(p.Threads(req=p.new_req(), **more))
    return [message.id for message in found.messages], found.more


def test_a_reply_can_stand_in_the_room_too(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            root = (await ana.do(p.Post, room=room, text="root")).id
            await bo.do(p.Post, room=room, text="quiet", reply_to=root)
            loud = await bo.do(p.Post, room=room, text="loud", reply_to=root, broadcast=True)
            assert ana.last(p.Posted).broadcast
            assert [one.text for one in (await ana.history(room, main=True)).messages] == ["root", "loud"]
            thread = (await ana.history(room, thread=root)).messages
            assert [(one.text, one.broadcast) for one in thread] == [("root", False), ("quiet", False), ("loud", True)]
            assert thread[0].n_replies == 2
            # An answer to the one that stands in both goes into the thread.
            deeper = (await ana.do(p.Post, room=room, text="deeper", reply_to=loud.id)).id
            assert next(one for one in (await bo.history(room)).messages if one.id == deeper).thread == root
            assert await ana.code(p.Post, room=room, text="x", broadcast=True) == "invalid"
            assert await ana.code(p.Post, room=room, text="x", reply_to=root, broadcast=True, quote=True) == "invalid"
            await bo.do(p.Delete, id=loud.id)
            main_now = (await ana.history(room, main=True)).messages
            assert [(one.text, one.deleted) for one in main_now] == [("root", False), (None, True)]

    run(main())


def test_who_follows_a_thread(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo, cy, dee, eve], room = await home.room("ana", "bo", "cy", "dee", "eve")
            root = (await ana.do(p.Post, room=room, text="root, @cy")).id or ""
            reply = (await bo.do(p.Post, room=room, text="reply", reply_to=root)).id or ""
            assert await _followers(eve, root) == [ana.me, cy.me, bo.me]
            assert await _followers(eve, reply) == [ana.me, cy.me, bo.me]  # of any message of it
            await dee.do(p.Follow, id=reply)
            assert dee.last(p.Followed) == p.Followed(id=root, target=room)
            assert await _followers(eve, root) == [ana.me, cy.me, bo.me, dee.me]
            await cy.do(p.Unfollow, id=root)
            assert await _followers(eve, root) == [ana.me, bo.me, dee.me]
            await ana.do(p.Post, room=room, text="@cy again", reply_to=root)
            assert await _followers(eve, root) == [ana.me, bo.me, dee.me]  # one's own word counts
            await cy.do(p.Follow, id=root)
            assert await _followers(eve, root) == [ana.me, cy.me, bo.me, dee.me]
            assert not (await cy.do(p.Follow, id=root)).changed
            await dee.do(p.Leave, room=room)
            await bo.do(p.Leave, room=room)
            assert await _followers(eve, root) == [ana.me, cy.me]
            await ana.do(p.Add, room=room, member=bo.me)
            assert await _followers(eve, root) == [ana.me, cy.me, bo.me]
            await bo.do(p.Delete, id=reply)
            assert await _followers(eve, root) == [ana.me, cy.me]
            line = await ana.do(p.SetTopic, room=room, topic="x")
            assert await ana.code(p.Follow, id=str(line.seq)) == "invalid"

    run(main())


def test_the_threads_that_one_follows(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo, cy], room = await home.room("ana", "bo", "cy")
            roots = [(await ana.do(p.Post, room=room, text=f"root {n}")).id or "" for n in range(4)]
            assert await _threads(ana) == ([], False)  # nothing was answered yet
            for n in (0, 1, 2, 3):
                await bo.do(p.Post, room=room, text="@cy" if n == 2 else "reply", reply_to=roots[n])
            newest_first = [roots[3], roots[2], roots[1], roots[0]]
            assert await _threads(ana) == (newest_first, False)
            assert await _threads(bo) == (newest_first, False)
            assert await _threads(ana, limit=3) == (newest_first[:3], True)
            assert await _threads(cy) == ([roots[2]], False)
            await cy.do(p.Follow, id=roots[0])
            assert await _threads(cy) == ([roots[2], roots[0]], False)
            await bo.do(p.Post, room=room, text="again", reply_to=roots[0])
            assert await _threads(cy) == ([roots[0], roots[2]], False)
            await cy.do(p.Unfollow, id=roots[2])
            assert await _threads(cy) == ([roots[0]], False)
        async with house(tmp_path) as home:
            cy = await home.person("cy")
            assert await _threads(cy) == ([roots[0]], False)
            await cy.do(p.Leave, room=room)
            assert await _threads(cy) == ([], False)  # as nobody tells of new replies there any more
            await cy.do(p.Join, room=room)
            assert await _threads(cy) == ([roots[0]], False)

    run(main())


def test_a_thread_of_a_room_that_one_lost_is_not_told_of(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo", kind="private")
            root = (await bo.do(p.Post, room=room, text="root")).id
            await ana.do(p.Post, room=room, text="reply", reply_to=root)
            await bo.do(p.Follow, id=root)
            await ana.do(p.Remove, room=room, member=bo.me)
            assert await _threads(bo) == ([], False)
            assert (await bo.ask(p.Followers(req=p.new_req(), id=root), refused=True)).code == "not_found"
            assert await _followers(ana, root or "") == [ana.me]

    run(main())
