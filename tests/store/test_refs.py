"""What is remembered of messages, while the disk is behind."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.store.refs import MessageRef, MessageRefs


def test_a_message_of_a_room_that_is_gone_is_not_found_though_the_disk_still_has_it() -> None:
    on_disk = {one: MessageRef(one, room, "1", "text") for one, room in (("5", "2"), ("6", "3"))}
    refs = MessageRefs(on_disk.get)
    assert refs.get("5") == on_disk["5"]
    gone = p.RoomDeleted(kind="private", members=["1"])
    refs.apply(p.Event(seq=7, time=1, actor="1", data=gone, room="2"))
    assert refs.get("5") is None
    assert refs.get("6") == on_disk["6"]
    del on_disk["5"]
    assert refs.get("5") is None
