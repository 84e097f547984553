"""Every word that a client and a hub say to each other.

A WebSocket text frame holds one JSON object, or a list of them. Each object carries ``type``; a client's
object (a request) also carries ``req``, a UUIDv7 that the client makes, and is answered by exactly one object
with the same ``req``: the reply that the request names, or `Error`. A request that changes something is a
`Command`: its ``req`` is remembered with the event that it caused, so that sending it again is answered again
and changes nothing. What the hub says unasked (`Event`, `Presence`, `Restart`) has no ``req`` to answer.

A binary frame carries a table: four bytes (big endian) with the length of a `Table` header in JSON, the header,
and one Arrow IPC stream.

Ids of members, rooms and messages are decimal strings; read nothing into them. Times are whole microseconds
since 1970 in UTC. ``docs/protocol.md`` and ``js/src/protocol.ts`` are generated from this file.
"""

from __future__ import annotations

import os
import time as _time
import uuid
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

VERSION = 1
"""The version of the protocol that this package speaks."""
OLDEST = 1
"""The oldest version that it still understands."""

Id = Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
Req = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
Handle = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^\w[\w.\-]*\Z")]
RoomName = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^\w[\w.\-]*\Z")]
Name = Annotated[str, Meta(max_length=80)]
Topic = Annotated[str, Meta(max_length=500)]
Text = Annotated[str, Meta(min_length=1, max_length=40_000)]
Emoji = Annotated[str, Meta(min_length=1, max_length=40)]
Sha = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Note = Annotated[str, Meta(max_length=1000)]
Choice = Annotated[str, Meta(min_length=1, max_length=200)]
Language = Annotated[str, Meta(pattern=r"^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)\Z")]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Micros = int

Role = Literal["owner", "admin", "member", "guest"]
RoomKind = Literal["public", "private", "direct"]
MessageKind = Literal["text", "system", "bot", "call", "poll"]
ErrorCode = Literal[
    "malformed",
    "version",
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "invalid",
    "archived",
    "too_large",
    "too_many",
    "disk_full",
    "unavailable",
    "internal",
]


class Limits(Struct, frozen=True, kw_only=True):
    """What the hub accepts; told to each client in `Welcome`."""

    text: int = 40_000
    """Characters of a message."""
    frame: int = 1_048_576
    """Bytes of a frame from a client."""
    batch: int = 1_000
    """Requests in one frame."""
    page: int = 200
    """Messages of a `Page`."""
    room_members: int = 5_000
    members: int = 20_000
    rooms: int = 10_000
    reactions: int = 100
    """Different emoji on one message."""
    pins: int = 100
    """Pinned messages of a room."""
    poll_options: int = 10
    picture: int = 65_536
    """Bytes of a member's picture."""
    stars: int = 200
    drafts: int = 500
    saved: int = 2_000
    """Saved messages and reminders of a member."""
    scheduled: int = 200
    """Messages that a member has written to be sent later."""
    rate: int = 2_000
    """Commands a second of one connection; a faster one is read more slowly, nothing is refused."""


# ---------------------------------------------------------------- records


class MemberStatus(Struct, frozen=True, kw_only=True):
    """What a member says of themselves beside their name."""

    emoji: Annotated[str, Meta(max_length=40)] = ""
    text: Annotated[str, Meta(max_length=100)] = ""
    until: Micros | None = None
    """After this it counts no more; None: until it is changed."""


class Member(Struct, frozen=True, kw_only=True):
    """A person or a bot of the workspace."""

    id: Id
    handle: Handle
    name: Name
    role: Role
    bot: bool = False
    joined_at: Micros = 0
    last_seen: Micros | None = None
    status: MemberStatus | None = None
    picture: Sha | None = None
    """Which picture; `GetPicture` brings it."""


class Preferences(Struct, frozen=True, kw_only=True):
    """What a person has chosen; it follows them to every panel."""

    enter: Literal["send", "line"] = "send"
    """What the Enter key does in the text box: send the message, or add a line."""
    view: Literal["recent", "category"] = "recent"
    """The view of the conversations on the left."""
    theme: Literal["system", "light", "dark"] = "system"
    density: Literal["comfortable", "compact"] = "comfortable"
    clock: Literal["auto", "12", "24"] = "auto"
    """How the time of day is written; auto: as the language does."""
    week: Literal["auto", "monday", "sunday", "saturday"] = "auto"
    """The first day of the week."""
    language: Language = "auto"
    """Of the panel; auto: the browser's."""
    bar: bool = True
    """The formatting bar of the text box is shown."""
    unread_first: bool = False
    """Conversations with something unread stand before the others."""
    skin: Annotated[int, Meta(ge=0, le=5)] = 0
    """The skin tone of emoji that have one: 0 for none, then from light to dark."""


class Reaction(Struct, frozen=True, kw_only=True):
    """An emoji on a message, and who put it there (in order of time)."""

    emoji: Emoji
    members: list[Id]


class Forwarded(Struct, frozen=True, kw_only=True):
    """Where a forwarded message comes from, and its words as they were then."""

    id: Id
    room: Id
    author: Id
    time: Micros
    text: str


class Poll(Struct, frozen=True, kw_only=True):
    """A question with choices, as it stands now; the message's text repeats question and choices."""

    question: Note
    options: list[Choice]
    multiple: bool = False
    """One may choose several."""
    closed: bool = False
    votes: list[list[Id]] = []
    """For each of the options who chose it."""


class Message(Struct, frozen=True, kw_only=True):
    """A message as it stands now."""

    id: Id
    room: Id
    author: Id
    time: Micros
    text: str | None
    """None where the message was deleted."""
    kind: MessageKind = "text"
    thread: Id | None = None
    """The root of the thread; also on the root itself once it has replies."""
    reply_to: Id | None = None
    edited_at: Micros | None = None
    deleted: bool = False
    mentions: list[Id] = []
    reactions: list[Reaction] = []
    n_replies: int = 0
    last_reply_at: Micros | None = None
    pinned: bool = False
    broadcast: bool = False
    """A reply in a thread that also stands in the room itself."""
    forwarded: Forwarded | None = None
    poll: Poll | None = None


class LastMessage(Struct, frozen=True, kw_only=True):
    """The newest message of a room in one line, for the list of conversations."""

    id: Id
    author: Id
    time: Micros
    text: str
    """At most 120 characters; empty where it was deleted."""


class Draft(Struct, frozen=True, kw_only=True):
    """What somebody has begun to write, and seen by nobody else."""

    room: Id
    thread: Id | None = None
    text: str
    reply_to: Id | None = None
    """The message that it quotes."""
    time: Micros


class Saved(Struct, frozen=True, kw_only=True):
    """A message that a member put aside, or a note of their own; seen by nobody else."""

    id: Id
    """The message's; of a note its own."""
    room: Id | None = None
    """The message's; None for a note."""
    note: Note = ""
    time: Micros
    remind_at: Micros | None = None
    reminded_at: Micros | None = None
    """When the reminder came."""


class Scheduled(Struct, frozen=True, kw_only=True):
    """A message that the hub will post for its author; seen by nobody else until then."""

    id: Id
    room: Id
    text: Text
    at: Micros
    reply_to: Id | None = None
    quote: bool = False
    broadcast: bool = False
    problem: str | None = None
    """Why it could not be posted when its time came."""


class Room(Struct, frozen=True, kw_only=True):
    """A room as one member sees it.

    Of a public room that one has not joined, only what everybody is told: its name, topic, kind, whether it is
    archived, and how many are in it. The rest stands at its default; `History` reads its messages.
    """

    id: Id
    name: str
    kind: RoomKind
    topic: str = ""
    created_at: Micros = 0
    created_by: Id | None = None
    archived: bool = False
    joined: bool = False
    n_members: int = 0
    members: list[Id] = []
    n_messages: int = 0
    unread: int = 0
    mentions: int = 0
    """How many of the unread messages mention one."""
    read: Seq = 0
    """The `seq` up to which one has read."""
    last: LastMessage | None = None
    pins: list[Id] = []


# ---------------------------------------------------------------- events


class EventData(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What happened. Where ``text`` is on anything but `Posted` and `Edited`, it is the line of kind ``system``
    that the event leaves in the conversation (a message whose id is the event's ``seq``)."""


class MemberAdded(EventData, frozen=True, kw_only=True, tag="member_added"):
    """A member came into the workspace."""

    member: Id
    handle: Handle
    name: Name
    role: Role
    bot: bool = False


class NameSet(EventData, frozen=True, kw_only=True, tag="name_set"):
    member: Id
    name: Name


class RoleSet(EventData, frozen=True, kw_only=True, tag="role_set"):
    member: Id
    role: Role


class PreferencesSet(EventData, frozen=True, kw_only=True, tag="preferences_set"):
    """Seen by the actor alone."""

    preferences: Preferences


class StatusSet(EventData, frozen=True, kw_only=True, tag="status_set"):
    """The actor's own."""

    status: MemberStatus | None


class PictureSet(EventData, frozen=True, kw_only=True, tag="picture_set"):
    """The actor's own."""

    picture: Sha | None


class StarsSet(EventData, frozen=True, kw_only=True, tag="stars_set"):
    """The rooms that the actor put first, in their order. Seen by the actor alone, as all that follow up to
    `Unfollowed`."""

    rooms: list[Id]


class Muted(EventData, frozen=True, kw_only=True, tag="muted"):
    target: Id
    """The room."""


class Unmuted(EventData, frozen=True, kw_only=True, tag="unmuted"):
    target: Id


class DraftSet(EventData, frozen=True, kw_only=True, tag="draft_set"):
    """A draft as it is now; with an empty text it is gone."""

    target: Id
    """The room."""
    thread: Id | None = None
    text: str
    reply_to: Id | None = None
    before: Seq | None = None
    """The event that said so before: its text leaves the log."""

    def draft(self, time: Micros) -> Draft:
        """The draft as it is after the event of this time."""
        return Draft(room=self.target, thread=self.thread, text=self.text, reply_to=self.reply_to, time=time)


class MessageSaved(EventData, frozen=True, kw_only=True, tag="saved"):
    id: Id
    target: Id | None = None
    """The room of the message; None for a note."""
    note: Note = ""
    remind_at: Micros | None = None
    before: Seq | None = None
    """The event that said so before: its note leaves the log."""

    def saved(self, time: Micros) -> Saved:
        """What is saved after the event of this time."""
        return Saved(id=self.id, room=self.target, note=self.note, time=time, remind_at=self.remind_at)


class Unsaved(EventData, frozen=True, kw_only=True, tag="unsaved"):
    id: Id
    before: Seq | None = None
    """The event that saved it: its note leaves the log."""


class Reminded(EventData, frozen=True, kw_only=True, tag="reminded"):
    """The time of a reminder has come."""

    id: Id


class MessageScheduled(EventData, frozen=True, kw_only=True, tag="scheduled"):
    """Its id is the event's ``seq``."""

    target: Id
    """The room."""
    text: str
    at: Micros
    reply_to: Id | None = None
    quote: bool = False
    broadcast: bool = False

    def scheduled(self, seq: Seq) -> Scheduled:
        """What waits after the event of this ``seq``."""
        return Scheduled(
            id=str(seq),
            room=self.target,
            text=self.text,
            at=self.at,
            reply_to=self.reply_to,
            quote=self.quote,
            broadcast=self.broadcast,
        )


class Unscheduled(EventData, frozen=True, kw_only=True, tag="unscheduled"):
    id: Id


class Unsent(EventData, frozen=True, kw_only=True, tag="unsent"):
    """What was to be posted could not be; it stays among the scheduled ones."""

    id: Id
    problem: str


class Followed(EventData, frozen=True, kw_only=True, tag="followed"):
    """The actor is told of new replies in this thread."""

    id: Id
    """The thread's root."""
    target: Id
    """Its room."""


class Unfollowed(EventData, frozen=True, kw_only=True, tag="unfollowed"):
    id: Id
    target: Id


class RoomCreated(EventData, frozen=True, kw_only=True, tag="room_created"):
    """The room's id is the event's ``seq``."""

    name: str
    kind: RoomKind
    topic: str
    members: list[Id]


class Renamed(EventData, frozen=True, kw_only=True, tag="renamed"):
    name: str
    text: str


class TopicSet(EventData, frozen=True, kw_only=True, tag="topic_set"):
    topic: str
    text: str


class Archived(EventData, frozen=True, kw_only=True, tag="archived"):
    text: str


class Unarchived(EventData, frozen=True, kw_only=True, tag="unarchived"):
    text: str


class RoomDeleted(EventData, frozen=True, kw_only=True, tag="room_deleted"):
    """The room and its messages are gone."""

    kind: RoomKind
    members: list[Id]
    """Who was in it."""


class Joined(EventData, frozen=True, kw_only=True, tag="joined"):
    """The actor came into a public room."""

    text: str


class Left(EventData, frozen=True, kw_only=True, tag="left"):
    text: str


class Added(EventData, frozen=True, kw_only=True, tag="added"):
    """The actor brought somebody in."""

    member: Id
    text: str


class Removed(EventData, frozen=True, kw_only=True, tag="removed"):
    member: Id
    text: str


class Posted(EventData, frozen=True, kw_only=True, tag="posted"):
    id: Id
    text: str
    kind: MessageKind = "text"
    thread: Id | None = None
    reply_to: Id | None = None
    mentions: list[Id] = []
    broadcast: bool = False
    forwarded: Forwarded | None = None
    poll: Poll | None = None
    scheduled: Id | None = None
    """What was scheduled and is posted now."""


class Voted(EventData, frozen=True, kw_only=True, tag="voted"):
    """What the actor has chosen now, in place of what they chose before."""

    id: Id
    choices: list[int]


class PollClosed(EventData, frozen=True, kw_only=True, tag="poll_closed"):
    id: Id


class Edited(EventData, frozen=True, kw_only=True, tag="edited"):
    id: Id
    text: str
    author: Id
    mentions: list[Id] = []
    mentions_before: list[Id] = []


class Deleted(EventData, frozen=True, kw_only=True, tag="deleted"):
    """The text is gone from the log too."""

    id: Id
    author: Id
    thread: Id | None = None
    mentions_before: list[Id] = []


class Reacted(EventData, frozen=True, kw_only=True, tag="reacted"):
    id: Id
    emoji: Emoji


class Unreacted(EventData, frozen=True, kw_only=True, tag="unreacted"):
    id: Id
    emoji: Emoji


class Pinned(EventData, frozen=True, kw_only=True, tag="pinned"):
    id: Id


class Unpinned(EventData, frozen=True, kw_only=True, tag="unpinned"):
    id: Id


class Read(EventData, frozen=True, kw_only=True, tag="read"):
    """The actor has read up to and with ``upto``; marking unread moves it back."""

    upto: Seq
    unread: int = 0
    """How many messages of others stand after it."""
    mentions: int = 0


AnyEventData = (
    MemberAdded
    | NameSet
    | RoleSet
    | PreferencesSet
    | StatusSet
    | PictureSet
    | StarsSet
    | Muted
    | Unmuted
    | DraftSet
    | MessageSaved
    | Unsaved
    | Reminded
    | MessageScheduled
    | Unscheduled
    | Unsent
    | Followed
    | Unfollowed
    | RoomCreated
    | Renamed
    | TopicSet
    | Archived
    | Unarchived
    | RoomDeleted
    | Joined
    | Left
    | Added
    | Removed
    | Posted
    | Voted
    | PollClosed
    | Edited
    | Deleted
    | Reacted
    | Unreacted
    | Pinned
    | Unpinned
    | Read
)


class Event(Struct, frozen=True, kw_only=True, tag="event", tag_field="type"):
    """One thing that happened; pushed to whoever may see it, in the order of ``seq``."""

    seq: Seq
    time: Micros
    actor: Id
    data: AnyEventData
    room: Id | None = None
    req: Req | None = None
    """The command that caused it."""


# ---------------------------------------------------------------- requests


class Request(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What a client says."""

    reply: ClassVar[str] = "ack"
    req: Req


class Hello(Request, frozen=True, kw_only=True, tag="hello"):
    """The first object of a connection: who speaks, in which versions of the protocol."""

    reply: ClassVar[str] = "welcome"
    version: int
    oldest: int
    user: Handle | None = None
    """On the Unix socket: whom a process of the hub's own user speaks for; by default the login name."""
    name: Name | None = None
    """The name to show for a member that is new."""
    bot: bool = False
    token: Annotated[str, Meta(max_length=4096)] | None = None


class Ping(Request, frozen=True, kw_only=True, tag="ping"):
    """Answered by an `Ack` with the newest ``seq``."""


class Sync(Request, frozen=True, kw_only=True, tag="sync"):
    """Start to receive events: a `Snapshot`, and where ``since`` is given the events after it that one may see,
    in order, before any new one."""

    reply: ClassVar[str] = "snapshot"
    since: Seq | None = None


class History(Request, frozen=True, kw_only=True, tag="history"):
    """A page of a room's messages, or of one thread; the newest, or around ``before``, ``after``, ``around``."""

    reply: ClassVar[str] = "page"
    room: Id
    thread: Id | None = None
    """Only this thread (its root comes first)."""
    main: bool = False
    """Leave out replies in threads."""
    system: bool = True
    """With the lines that events leave."""
    before: Id | None = None
    after: Id | None = None
    around: Id | None = None
    at: Micros | None = None
    """Around the first message of this time or later: a date to jump to."""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Pins(Request, frozen=True, kw_only=True, tag="pins"):
    """The pinned messages of a room, the newest pin first."""

    reply: ClassVar[str] = "page"
    room: Id


class Versions(Request, frozen=True, kw_only=True, tag="versions"):
    """What a message said before it was edited, the first version first, the one of now last."""

    reply: ClassVar[str] = "message_versions"
    id: Id


class SeenBy(Request, frozen=True, kw_only=True, tag="seen_by"):
    """Who has read up to a message, but for its author."""

    reply: ClassVar[str] = "people"
    id: Id


class Followers(Request, frozen=True, kw_only=True, tag="followers"):
    """Who is told of new replies in a thread: who wrote in it or was mentioned there, unless they unfollowed it, and
    who followed it."""

    reply: ClassVar[str] = "people"
    id: Id
    """The thread's root."""


class Threads(Request, frozen=True, kw_only=True, tag="threads"):
    """The roots of the threads that one follows, the one with the newest reply first."""

    reply: ClassVar[str] = "listing"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class SavedMessages(Request, frozen=True, kw_only=True, tag="saved_messages"):
    """The messages that one saved and may still see, the one saved last first."""

    reply: ClassVar[str] = "listing"


class GetPicture(Request, frozen=True, kw_only=True, tag="get_picture"):
    """A member's picture."""

    reply: ClassVar[str] = "picture"
    picture: Sha


class Typing(Request, frozen=True, kw_only=True, tag="typing"):
    """One is writing: those of the room who are there are told. Say it at most every 3 seconds."""

    room: Id
    thread: Id | None = None


class Frame(Request, frozen=True, kw_only=True, tag="frame"):
    """A table of what one may see; with ``since``, only the rows that changed after it."""

    reply: ClassVar[str] = "table"
    name: Literal["messages", "rooms", "members", "reactions", "reads", "events"]
    since: Seq | None = None


class Status(Request, frozen=True, kw_only=True, tag="status"):
    """How the hub is doing; the hub's own user may ask before a hello."""

    reply: ClassVar[str] = "hub_status"
    token: Annotated[str, Meta(max_length=4096)] | None = None
    """Over TCP, what proves the hub's own user, who then says no hello."""


class Stop(Request, frozen=True, kw_only=True, tag="stop"):
    """Stop the hub; everything answered is kept. For owners and admins, and for the hub's own user before a hello."""

    token: Annotated[str, Meta(max_length=4096)] | None = None
    """Over TCP, what proves the hub's own user, who then says no hello."""


class Backup(Request, frozen=True, kw_only=True, tag="backup"):
    """A consistent copy of the workspace into a folder of the hub's machine. For the hub's own user, before a hello."""

    path: Annotated[str, Meta(max_length=4096)]
    token: Annotated[str, Meta(max_length=4096)] | None = None
    """Over TCP, what proves the hub's own user, who then says no hello."""


class Command(Request, frozen=True, kw_only=True):
    """A request that changes something."""

    again: bool = False
    """Set when it is sent once more, after a reply was lost."""


class CreateRoom(Command, frozen=True, kw_only=True, tag="create_room"):
    name: RoomName
    kind: Literal["public", "private"] = "public"
    topic: Topic = ""
    members: Annotated[list[Id], Meta(max_length=5000)] = []


class OpenDirect(Command, frozen=True, kw_only=True, tag="open_direct"):
    """The conversation with one member; made when it is not there."""

    member: Id


class Rename(Command, frozen=True, kw_only=True, tag="rename"):
    room: Id
    name: RoomName


class SetTopic(Command, frozen=True, kw_only=True, tag="set_topic"):
    room: Id
    topic: Topic


class Archive(Command, frozen=True, kw_only=True, tag="archive"):
    room: Id


class Unarchive(Command, frozen=True, kw_only=True, tag="unarchive"):
    room: Id


class DeleteRoom(Command, frozen=True, kw_only=True, tag="delete_room"):
    room: Id


class Join(Command, frozen=True, kw_only=True, tag="join"):
    room: Id


class Leave(Command, frozen=True, kw_only=True, tag="leave"):
    room: Id


class Add(Command, frozen=True, kw_only=True, tag="add"):
    room: Id
    member: Id


class Remove(Command, frozen=True, kw_only=True, tag="remove"):
    room: Id
    member: Id


class Post(Command, frozen=True, kw_only=True, tag="post"):
    """``reply_to`` answers a message in its thread; with ``quote`` the answer stands in the room itself, with
    ``broadcast`` it stands in both."""

    room: Id
    text: Text
    reply_to: Id | None = None
    quote: bool = False
    broadcast: bool = False


class Forward(Command, frozen=True, kw_only=True, tag="forward"):
    """Post a message that one may see into another room (or the same), with its origin and words of one's own."""

    id: Id
    room: Id
    text: Annotated[str, Meta(max_length=40_000)] = ""


class CreatePoll(Command, frozen=True, kw_only=True, tag="create_poll"):
    room: Id
    question: Annotated[str, Meta(min_length=1, max_length=1000)]
    options: Annotated[list[Choice], Meta(min_length=2, max_length=50)]
    multiple: bool = False
    reply_to: Id | None = None


class Vote(Command, frozen=True, kw_only=True, tag="vote"):
    """Choose (by the options' places, from 0); nothing takes one's vote back."""

    id: Id
    choices: Annotated[list[int], Meta(max_length=50)]


class ClosePoll(Command, frozen=True, kw_only=True, tag="close_poll"):
    id: Id


class Edit(Command, frozen=True, kw_only=True, tag="edit"):
    id: Id
    text: Text


class Delete(Command, frozen=True, kw_only=True, tag="delete"):
    id: Id


class React(Command, frozen=True, kw_only=True, tag="react"):
    id: Id
    emoji: Emoji


class Unreact(Command, frozen=True, kw_only=True, tag="unreact"):
    id: Id
    emoji: Emoji


class Pin(Command, frozen=True, kw_only=True, tag="pin"):
    id: Id


class Unpin(Command, frozen=True, kw_only=True, tag="unpin"):
    id: Id


class MarkRead(Command, frozen=True, kw_only=True, tag="mark_read"):
    """Read up to and with ``upto`` (by default the newest); never moves a read mark back."""

    room: Id
    upto: Id | None = None


class MarkUnread(Command, frozen=True, kw_only=True, tag="mark_unread"):
    """Everything from the message ``id`` on is unread again."""

    room: Id
    id: Id


class SetPreferences(Command, frozen=True, kw_only=True, tag="set_preferences"):
    """Fields that are left out stay as they are."""

    enter: Literal["send", "line"] | None = None
    view: Literal["recent", "category"] | None = None
    theme: Literal["system", "light", "dark"] | None = None
    density: Literal["comfortable", "compact"] | None = None
    clock: Literal["auto", "12", "24"] | None = None
    week: Literal["auto", "monday", "sunday", "saturday"] | None = None
    language: Language | None = None
    bar: bool | None = None
    unread_first: bool | None = None
    skin: Annotated[int, Meta(ge=0, le=5)] | None = None


class SetStatus(Command, frozen=True, kw_only=True, tag="set_status"):
    """One's own; without emoji and text there is none."""

    emoji: Annotated[str, Meta(max_length=40)] = ""
    text: Annotated[str, Meta(max_length=100)] = ""
    until: Micros | None = None


class SetPicture(Command, frozen=True, kw_only=True, tag="set_picture"):
    """One's own: a PNG, JPEG or WebP in Base64, at most 512 pixels a side; empty takes it away."""

    data: Annotated[str, Meta(max_length=700_000)]


class SetStars(Command, frozen=True, kw_only=True, tag="set_stars"):
    """The rooms that stand first, in this order."""

    rooms: Annotated[list[Id], Meta(max_length=1000)]


class Mute(Command, frozen=True, kw_only=True, tag="mute"):
    room: Id


class Unmute(Command, frozen=True, kw_only=True, tag="unmute"):
    room: Id


class SetDraft(Command, frozen=True, kw_only=True, tag="set_draft"):
    """Keep what one has begun to write in a room, or in a thread of it; an empty text drops it."""

    room: Id
    thread: Id | None = None
    text: Annotated[str, Meta(max_length=40_000)]
    reply_to: Id | None = None
    """The message that it quotes."""


class Save(Command, frozen=True, kw_only=True, tag="save"):
    """Put a message aside, with a reminder or without; said again, it changes both. Without ``id`` it is a note."""

    id: Id | None = None
    note: Note = ""
    remind_at: Micros | None = None


class Unsave(Command, frozen=True, kw_only=True, tag="unsave"):
    id: Id


class Schedule(Command, frozen=True, kw_only=True, tag="schedule"):
    """Have the hub post this at a time, whoever is there then."""

    room: Id
    text: Text
    at: Micros
    reply_to: Id | None = None
    quote: bool = False
    broadcast: bool = False


class Unschedule(Command, frozen=True, kw_only=True, tag="unschedule"):
    id: Id


class Follow(Command, frozen=True, kw_only=True, tag="follow"):
    id: Id
    """A message of the thread."""


class Unfollow(Command, frozen=True, kw_only=True, tag="unfollow"):
    id: Id


class SetName(Command, frozen=True, kw_only=True, tag="set_name"):
    name: Annotated[str, Meta(min_length=1, max_length=80)]


class SetRole(Command, frozen=True, kw_only=True, tag="set_role"):
    member: Id
    role: Role


AnyCommand = (
    CreateRoom
    | OpenDirect
    | Rename
    | SetTopic
    | Archive
    | Unarchive
    | DeleteRoom
    | Join
    | Leave
    | Add
    | Remove
    | Post
    | Forward
    | CreatePoll
    | Vote
    | ClosePoll
    | Edit
    | Delete
    | React
    | Unreact
    | Pin
    | Unpin
    | MarkRead
    | MarkUnread
    | SetPreferences
    | SetStatus
    | SetPicture
    | SetStars
    | Mute
    | Unmute
    | SetDraft
    | Save
    | Unsave
    | Schedule
    | Unschedule
    | Follow
    | Unfollow
    | SetName
    | SetRole
)
AnyRequest = (
    Hello
    | Ping
    | Sync
    | History
    | Pins
    | Versions
    | SeenBy
    | Followers
    | Threads
    | SavedMessages
    | GetPicture
    | Typing
    | Frame
    | Status
    | Stop
    | Backup
    | AnyCommand
)


# ---------------------------------------------------------------- what the hub says


class Ack(Struct, frozen=True, kw_only=True, tag="ack", tag_field="type"):
    """Done, and on disk."""

    req: Req
    seq: Seq
    """The event's; the newest one where nothing had to change."""
    time: Micros | None = None
    id: Id | None = None
    """What was made or found: a message, a room, a note, what is scheduled."""
    changed: bool = True


class Error(Struct, frozen=True, kw_only=True, tag="error", tag_field="type"):
    """Refused, and nothing was changed; ``message`` says why and what to do."""

    code: ErrorCode
    message: str
    req: str | None = None
    """None where it could not be read."""


class Welcome(Struct, frozen=True, kw_only=True, tag="welcome", tag_field="type"):
    req: Req
    version: int
    """The newest version that both sides speak."""
    hub: str
    """The version of collabchat that the hub runs."""
    me: Id
    handle: Handle
    workspace: str
    seq: Seq
    limits: Limits


class Snapshot(Struct, frozen=True, kw_only=True, tag="snapshot", tag_field="type"):
    """Everything but messages, as it stood at ``seq``."""

    req: Req
    seq: Seq
    me: Id
    members: list[Member]
    rooms: list[Room]
    preferences: Preferences
    online: list[Id]
    limits: Limits
    stars: list[Id] = []
    muted: list[Id] = []
    drafts: list[Draft] = []
    saved: list[Saved] = []
    scheduled: list[Scheduled] = []
    gap: bool = False
    """True where more had happened since ``since`` than is sent again: load what you show anew."""


class Page(Struct, frozen=True, kw_only=True, tag="page", tag_field="type"):
    """Messages in the order of time."""

    req: Req
    room: Id
    messages: list[Message]
    more_before: bool
    more_after: bool
    seq: Seq


class Listing(Struct, frozen=True, kw_only=True, tag="listing", tag_field="type"):
    """Messages of several rooms."""

    req: Req
    messages: list[Message]
    more: bool = False


class Version(Struct, frozen=True, kw_only=True):
    """A message's text from this time on."""

    time: Micros
    text: str


class MessageVersions(Struct, frozen=True, kw_only=True, tag="message_versions", tag_field="type"):
    req: Req
    versions: list[Version]


class People(Struct, frozen=True, kw_only=True, tag="people", tag_field="type"):
    req: Req
    members: list[Id]


class Picture(Struct, frozen=True, kw_only=True, tag="picture", tag_field="type"):
    req: Req
    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    data: str
    """Base64."""


class HubStatus(Struct, frozen=True, kw_only=True, tag="hub_status", tag_field="type"):
    req: Req
    version: str
    pid: int
    workspace: str
    started_at: Micros
    uptime: float
    """Seconds."""
    seq: Seq
    members: int
    members_connected: int
    connections: int
    messages: int
    database_bytes: int
    log_bytes: int
    queue: int
    """Commands that wait for the disk."""
    commits: int
    commit_p50: float
    """Milliseconds, over the last 1,000 commits."""
    commit_p99: float
    memory_bytes: int


class Presence(Struct, frozen=True, kw_only=True, tag="presence", tag_field="type"):
    """A member's first connection came, or the last one went. Not in the log."""

    member: Id
    online: bool
    last_seen: Micros | None = None


class MemberTyping(Struct, frozen=True, kw_only=True, tag="member_typing", tag_field="type"):
    """Somebody writes, in a room that one is in. Not in the log; it counts for 5 seconds."""

    member: Id
    room: Id
    thread: Id | None = None


class RoomChanged(Struct, frozen=True, kw_only=True, tag="room", tag_field="type"):
    """A room as one sees it now; sent before the event that brought one in, or let one see it."""

    room: Room


class Restart(Struct, frozen=True, kw_only=True, tag="restart", tag_field="type"):
    """`Sync` again from your ``seq``: you were too slow and missed something, or your role lets you see other rooms."""

    seq: Seq


class Table(Struct, frozen=True, kw_only=True, tag="table", tag_field="type"):
    """The header of a binary frame with rows of a `Frame`. Rows replace those with the same key."""

    req: Req
    name: str
    seq: Seq
    """What to give as ``since`` next time."""
    full: bool
    """The rows replace all that one has."""
    part: int = 0
    more: bool = False
    """Another part follows."""


AnyReply = (
    Ack
    | Error
    | Welcome
    | Snapshot
    | Page
    | Listing
    | MessageVersions
    | People
    | Picture
    | HubStatus
    | Presence
    | MemberTyping
    | RoomChanged
    | Restart
    | Event
    | Table
)

# ---------------------------------------------------------------- encoding

_encoder = msgspec.json.Encoder()
_request: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_requests = msgspec.json.Decoder(list[msgspec.Raw])
_reply: msgspec.json.Decoder[AnyReply | list[AnyReply]] = msgspec.json.Decoder(AnyReply | list[AnyReply])
_table = msgspec.json.Decoder(Table)


class _Loose(Struct):
    req: Any = None


_loose = msgspec.json.Decoder(_Loose)


def new_req() -> str:
    """A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then randomness.

    Returns
    -------
    str
        Lower-case, with dashes.

    Examples
    --------
    >>> len(new_req())
    36
    """
    value = (_time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (7 << 76)
    value = value & ~(0x3 << 62) | (2 << 62)
    return str(uuid.UUID(int=value))


def encode(message: Any) -> bytes:
    """One object of the protocol (or a list of them) as JSON."""
    return _encoder.encode(message)


def decode_requests(frame: str | bytes, limits: Limits) -> list[AnyRequest | Error]:
    """The requests of a client's frame, in order.

    What cannot be read is given back as the `Error` to answer; it never stops the others, and nothing raises.
    """
    size = len(frame) if isinstance(frame, bytes) else len(frame.encode("utf-8", "surrogatepass"))
    if size > limits.frame:
        return [Error(code="too_large", message=f"A frame has at most {limits.frame:,} bytes; this one has {size:,}.")]
    raws: list[Any]
    if frame[:1] in ("[", b"["):
        try:
            raws = _requests.decode(frame)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            return [Error(code="malformed", message=f"Not JSON of this protocol: {error}")]
        if len(raws) > limits.batch:
            return [Error(code="too_large", message=f"A frame has at most {limits.batch:,} requests.")]
    else:
        raws = [frame]
    return [_decode_request(raw) for raw in raws]


def _decode_request(raw: Any) -> AnyRequest | Error:
    try:
        return _request.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Error(code="malformed", message=f"Not a request of this protocol: {error}", req=_req_of(raw))


def _req_of(raw: Any) -> str | None:
    try:
        req = _loose.decode(raw).req
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return req if isinstance(req, str) and len(req) <= 64 else None


def decode_replies(frame: str | bytes) -> list[AnyReply]:
    """What the hub said in one text frame.

    Raises
    ------
    msgspec.DecodeError
        Where it is not JSON of this protocol.
    """
    found = _reply.decode(frame)
    return found if isinstance(found, list) else [found]


def encode_table(header: Table, payload: bytes | memoryview) -> bytes:
    """A binary frame: the header and one Arrow IPC stream."""
    head = encode(header)
    return b"".join((len(head).to_bytes(4, "big"), head, payload))


def decode_table(frame: bytes) -> tuple[Table, memoryview]:
    """The header and the Arrow IPC stream of a binary frame."""
    view = memoryview(frame)
    end = 4 + int.from_bytes(view[:4], "big")
    return _table.decode(view[4:end]), view[end:]


__all__ = [name for name in dir() if not name.startswith("_") and name not in {"annotations", "os", "uuid"}]
