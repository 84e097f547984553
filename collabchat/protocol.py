"""Every word that a client and a hub say to each other.

A WebSocket text frame holds one JSON object, or a list of them. Each object carries ``type``; a client's
object (a request) also carries ``req``, a UUIDv7 that the client makes, and is answered by exactly one object
with the same ``req``: the reply that the request names, or `Error`. A request that changes something is a
`Command`: its ``req`` is remembered with the event that it caused, so that sending it again is answered again
and changes nothing. What the hub says unasked (`Event`, `Presence`, `Restart`) has no ``req`` to answer.

A binary frame is four bytes (big endian) with the length of a header in JSON, the header, and bytes. From a client
it is a `Slice` of a file. From the hub it is a `Table`, whose bytes are one Arrow IPC stream, or a `FileSlice` or a
`Thumbnail`, whose bytes are a file's.

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
FileId = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,17}-[1-9][0-9]{0,2}\Z")]
"""A file of a message: the message's id, and which of its files, from 1."""
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
FileName = Annotated[str, Meta(min_length=1, max_length=1024)]
MediaType = Annotated[str, Meta(max_length=120)]
Language = Annotated[str, Meta(pattern=r"^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)\Z")]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Micros = int

Role = Literal["owner", "admin", "member", "guest"]
RoomKind = Literal["public", "private", "direct"]
MessageKind = Literal["text", "system", "bot", "call", "poll"]
FileKind = Literal["picture", "data", "document", "code", "notebook", "sound", "video", "archive", "other"]
SharedKind = Literal["picture", "data", "document", "code", "notebook", "sound", "video", "archive", "other", "link"]
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
    slice: int = 1_048_576
    """Bytes of a `Slice` or a `FileSlice`."""
    uploads: int = 100
    """Files that a member has sent and not posted yet."""
    query: int = 1_000
    """Characters of a search."""
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


class WorkspaceSettings(Struct, frozen=True, kw_only=True):
    """What the owner and the admins have chosen for everybody."""

    attachments: Annotated[int, Meta(ge=0, le=100)] = 10
    """Files of one message."""
    attachment_bytes: Annotated[int, Meta(ge=0, le=2**40)] = 95_000_000
    """Bytes of all files of one message together."""
    quota: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    """Bytes of all files of the workspace, each counted once; None: as much as the disk has."""
    collect_after: Annotated[int, Meta(ge=0, le=316_224_000)] = 7 * 86_400
    """Seconds after which a file is removed from the disk that nothing refers to any more."""
    link_titles: bool = False
    """The hub asks public addresses for the titles of pages that are linked to."""


class Attachment(Struct, frozen=True, kw_only=True):
    """A file of a message. Its id is the message's, ``-``, and its place among the message's files from 1."""

    name: FileName
    """Safe to save it under: no path, no control characters, none of Windows' devices, at most 255 bytes."""
    original: str = ""
    """The name as it was given, where it is another one."""
    size: int
    """Bytes."""
    type: MediaType
    """The media type, by its content and then by its name."""
    kind: FileKind
    sha256: Sha
    width: int | None = None
    """Pixels of a picture, as it is to be shown."""
    height: int | None = None


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
    files: list[Attachment] = []


class LastMessage(Struct, frozen=True, kw_only=True):
    """The newest message of a room in one line, for the list of conversations."""

    id: Id
    author: Id
    time: Micros
    text: str
    """At most 120 characters; empty where it was deleted."""
    file: str = ""
    """The name of its first file."""


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
    text: str
    at: Micros
    reply_to: Id | None = None
    quote: bool = False
    broadcast: bool = False
    problem: str | None = None
    """Why it could not be posted when its time came."""
    files: list[Attachment] = []


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


class SettingsSet(EventData, frozen=True, kw_only=True, tag="settings_set"):
    settings: WorkspaceSettings


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
    files: list[Attachment] = []

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
            files=self.files,
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
    files: list[Attachment] = []


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
    | SettingsSet
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


class StartUpload(Request, frozen=True, kw_only=True, tag="start_upload"):
    """Begin to send a file for a message of a room, or go on with it: the reply says from which byte.

    Where ``sha256`` is given and one may see a file of that content already, it is there at once. What is neither
    posted nor gone on with is dropped after a day.
    """

    reply: ClassVar[str] = "upload"
    upload: Req
    """Made by the client; said again, it is the same upload."""
    room: Id
    name: FileName
    size: Annotated[int, Meta(ge=0, le=2**40)]
    sha256: Sha | None = None


class CancelUpload(Request, frozen=True, kw_only=True, tag="cancel_upload"):
    """Drop a file that was sent and not posted, or a part of one."""

    upload: Req


class GetSlice(Request, frozen=True, kw_only=True, tag="get_slice"):
    """Some bytes of a file."""

    reply: ClassVar[str] = "file_slice"
    file: FileId
    offset: Annotated[int, Meta(ge=0, le=2**40)] = 0
    length: Annotated[int, Meta(ge=0, le=1_048_576)] = 1_048_576


class GetThumbnail(Request, frozen=True, kw_only=True, tag="get_thumbnail"):
    """A picture, or the first page of a PDF, in small."""

    reply: ClassVar[str] = "thumbnail"
    file: FileId
    side: Literal[160, 480, 1600] = 480
    """At most so many pixels a side."""


class GetPreview(Request, frozen=True, kw_only=True, tag="get_preview"):
    """What is in a file, to be shown."""

    reply: ClassVar[str] = "preview"
    file: FileId


class Shared(Request, frozen=True, kw_only=True, tag="shared"):
    """The files and links of a room."""

    reply: ClassVar[str] = "shared_page"
    room: Id
    kinds: Annotated[list[SharedKind], Meta(max_length=20)] = []
    """Empty: all."""
    author: Id | None = None
    since: Micros | None = None
    until: Micros | None = None
    """Before this time."""
    text: Annotated[str, Meta(max_length=200)] = ""
    """Words that are in the file's name, in the link's address or in its title, each of them somewhere."""
    sort: Literal["newest", "oldest", "name", "size"] = "newest"
    offset: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    utc_offset: Annotated[int, Meta(ge=-1_440, le=1_440)] = 0
    """Minutes that one's clock is ahead of UTC: where months begin."""


class Search(Request, frozen=True, kw_only=True, tag="search"):
    """Messages that fit a query, among those that one may see. Any text is a query."""

    reply: ClassVar[str] = "found"
    query: Annotated[str, Meta(max_length=1_000)]
    room: Id | None = None
    """In this room alone."""
    sort: Literal["relevance", "newest", "oldest"] = "relevance"
    limit: Annotated[int, Meta(ge=1, le=200)] = 20
    cursor: Annotated[str, Meta(max_length=200)] | None = None
    """Of the reply before: what follows there."""
    inflected: bool = True
    """Other forms of the English words are found too."""
    utc_offset: Annotated[int, Meta(ge=-1_440, le=1_440)] = 0
    """Minutes that one's clock is ahead of UTC: what "yesterday" is."""


class Typing(Request, frozen=True, kw_only=True, tag="typing"):
    """One is writing: those of the room who are there are told. Say it at most every 3 seconds."""

    room: Id
    thread: Id | None = None


class Frame(Request, frozen=True, kw_only=True, tag="frame"):
    """A table of what one may see; with ``since``, only the rows that changed after it."""

    reply: ClassVar[str] = "table"
    name: Literal["messages", "rooms", "members", "reactions", "reads", "files", "links", "events"]
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


class Reindex(Request, frozen=True, kw_only=True, tag="reindex"):
    """Build the index of the search anew; `Status` says how far it is. For the hub's own user, before a hello."""

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
    ``broadcast`` it stands in both. It needs a text or files."""

    room: Id
    text: Annotated[str, Meta(max_length=40_000)] = ""
    files: Annotated[list[Req], Meta(max_length=100)] = []
    """Uploads that are complete, in the order of the message."""
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
    """Its files stay; a message that has some needs no text."""

    id: Id
    text: Annotated[str, Meta(max_length=40_000)]


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
    text: Annotated[str, Meta(max_length=40_000)] = ""
    files: Annotated[list[Req], Meta(max_length=100)] = []
    """Uploads that are complete."""
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


class SetSettings(Command, frozen=True, kw_only=True, tag="set_settings"):
    """The workspace's; fields that are left out stay as they are."""

    attachments: Annotated[int, Meta(ge=0, le=100)] | None = None
    attachment_bytes: Annotated[int, Meta(ge=0, le=2**40)] | None = None
    quota: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    """0: none."""
    collect_after: Annotated[int, Meta(ge=0, le=316_224_000)] | None = None
    link_titles: bool | None = None


class SetName(Command, frozen=True, kw_only=True, tag="set_name"):
    name: Annotated[str, Meta(min_length=1, max_length=80)]


class SetRole(Command, frozen=True, kw_only=True, tag="set_role"):
    member: Id
    role: Role


class Slice(Struct, frozen=True, kw_only=True, tag="slice", tag_field="type"):
    """The header of a binary frame of a client: bytes of an upload. Answered with an `Upload`, or an `Error`.

    Slices come in order; several may be on their way.
    """

    req: Req
    upload: Req
    offset: Annotated[int, Meta(ge=0, le=2**40)]


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
    | SetSettings
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
    | StartUpload
    | CancelUpload
    | GetSlice
    | GetThumbnail
    | GetPreview
    | Shared
    | Search
    | Typing
    | Frame
    | Status
    | Stop
    | Reindex
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
    settings: WorkspaceSettings = WorkspaceSettings()
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


class Upload(Struct, frozen=True, kw_only=True, tag="upload", tag_field="type"):
    """How far a file is that one sends."""

    req: Req
    upload: Req
    offset: int
    """Bytes that the hub has: the next slice begins there."""
    file: Attachment | None = None
    """The file, once it is complete and on disk."""


class Column(Struct, frozen=True, kw_only=True):
    """A column of a data file."""

    name: str
    type: str
    """As DuckDB calls it."""
    nulls: int = 0
    """How many rows have no value, of those that were looked at."""
    distinct: int | None = None
    least: str | None = None
    greatest: str | None = None
    bars: list[int] = []
    """How many values are in each of equal steps from the least to the greatest, of numbers and times."""
    common: list[tuple[str, int]] = []
    """The most frequent values and how often they are there, of other columns."""


class TablePreview(Struct, frozen=True, kw_only=True, tag="table_preview", tag_field="type"):
    """A data file."""

    columns: list[Column]
    rows: list[list[str | None]]
    """The first ones, as text."""
    n_rows: int | None = None
    """None where counting them took too long."""
    n_columns: int = 0
    """All of them; ``columns`` are the first ones."""
    looked_at: int = 0
    """Rows that the columns' figures are about."""
    sheets: list[str] = []
    """Of a workbook; the first one is shown."""


class TextPreview(Struct, frozen=True, kw_only=True, tag="text_preview", tag_field="type"):
    """Text or code."""

    text: str
    """The first lines."""
    language: str = ""
    """What it is highlighted as."""
    n_lines: int | None = None
    more: bool = False


class Cell(Struct, frozen=True, kw_only=True):
    """A cell of a notebook, as it was saved; nothing was run."""

    kind: Literal["markdown", "code", "raw"]
    source: str
    count: int | None = None
    output: str = ""
    """Its outputs as text."""
    picture: str = ""
    """The first picture among its outputs: a PNG or a JPEG in Base64."""


class NotebookPreview(Struct, frozen=True, kw_only=True, tag="notebook_preview", tag_field="type"):
    cells: list[Cell]
    language: str = ""
    n_cells: int = 0
    """All of them; ``cells`` are the first ones."""


class DocumentPreview(Struct, frozen=True, kw_only=True, tag="document_preview", tag_field="type"):
    """A PDF or an office document."""

    n_pages: int | None = None
    text: str = ""
    """Its beginning."""


class ArchivePreview(Struct, frozen=True, kw_only=True, tag="archive_preview", tag_field="type"):
    names: list[tuple[str, int]]
    """The first entries and their sizes; nothing was unpacked."""
    n_entries: int = 0


class NoPreview(Struct, frozen=True, kw_only=True, tag="no_preview", tag_field="type"):
    problem: str = ""
    """A sentence, where there should have been one."""


AnyPreview = TablePreview | TextPreview | NotebookPreview | DocumentPreview | ArchivePreview | NoPreview


class Preview(Struct, frozen=True, kw_only=True, tag="preview", tag_field="type"):
    req: Req
    preview: AnyPreview


class SharedFile(Struct, frozen=True, kw_only=True, tag="shared_file", tag_field="type"):
    id: FileId
    message: Id
    author: Id
    time: Micros
    file: Attachment


class SharedLink(Struct, frozen=True, kw_only=True, tag="shared_link", tag_field="type"):
    """An address, once a room, with the messages that named it."""

    url: str
    title: str = ""
    author: Id
    """Of the newest message that named it."""
    time: Micros
    messages: list[Id]
    """The newest 20, newest first."""
    n_messages: int


class Month(Struct, frozen=True, kw_only=True):
    """How many entries of a list are of one month."""

    month: str
    """``2026-01``"""
    count: int


class SharedPage(Struct, frozen=True, kw_only=True, tag="shared_page", tag_field="type"):
    req: Req
    room: Id
    entries: list[SharedFile | SharedLink]
    total: int
    """All that fit, of which these are some."""
    months: list[Month] = []
    """Of all that fit, in the order of the list, where it is one of time."""
    seq: Seq


class Hit(Struct, frozen=True, kw_only=True):
    """A message that was found."""

    message: Message
    score: float
    snippet: list[str]
    """What is around the first words that fit, on one line: by turns text, and text that fits, beginning with text."""
    file: FileId | None = None
    """Where they stand in a file of the message, or in its name."""


class Found(Struct, frozen=True, kw_only=True, tag="found", tag_field="type"):
    req: Req
    hits: list[Hit]
    total: int
    at_least: bool = False
    """There are more than ``total``."""
    cursor: str | None = None
    """What to ask for what follows; None at the end."""
    query: str
    """The query as it was understood."""
    problems: list[str] = []
    """Sentences about what was not."""
    correction: str | None = None
    """The nearest query that finds something, where this one finds nothing."""
    indexed: bool = True
    """False: the index is being built, and what it does not have yet was looked through instead."""
    seq: Seq


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
    files: int = 0
    """Different files on disk."""
    file_bytes: int = 0
    indexed: int = 0
    """Messages that the index of the search has."""
    index_bytes: int = 0
    indexing: bool = False


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


class FileSlice(Struct, frozen=True, kw_only=True, tag="file_slice", tag_field="type"):
    """The header of a binary frame with bytes of a file."""

    req: Req
    file: FileId
    offset: int
    size: int
    """Of the whole file."""


class Thumbnail(Struct, frozen=True, kw_only=True, tag="thumbnail", tag_field="type"):
    """The header of a binary frame with a picture."""

    req: Req
    file: FileId
    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    width: int
    height: int


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
    | Upload
    | Preview
    | SharedPage
    | Found
    | HubStatus
    | Presence
    | MemberTyping
    | RoomChanged
    | Restart
    | Event
    | Table
    | FileSlice
    | Thumbnail
)

# ---------------------------------------------------------------- encoding

_encoder = msgspec.json.Encoder()
_request: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_requests = msgspec.json.Decoder(list[msgspec.Raw])
_reply: msgspec.json.Decoder[AnyReply | list[AnyReply]] = msgspec.json.Decoder(AnyReply | list[AnyReply])
_binary: msgspec.json.Decoder[Table | FileSlice | Thumbnail] = msgspec.json.Decoder(Table | FileSlice | Thumbnail)
_slice = msgspec.json.Decoder(Slice)
_LONGEST_HEADER = 4_096


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


def encode_binary(header: Table | FileSlice | Thumbnail | Slice, payload: bytes | memoryview) -> bytes:
    """A binary frame: the header and its bytes."""
    head = encode(header)
    return b"".join((len(head).to_bytes(4, "big"), head, payload))


def decode_binary(frame: bytes) -> tuple[Table | FileSlice | Thumbnail, memoryview]:
    """The header and the bytes of a binary frame of the hub.

    Raises
    ------
    msgspec.DecodeError
        Where it is none of this protocol.
    """
    view = memoryview(frame)
    end = 4 + int.from_bytes(view[:4], "big")
    return _binary.decode(view[4:end]), view[end:]


def decode_slice(frame: bytes, limits: Limits) -> tuple[Slice, memoryview] | Error:
    """The header and the bytes of a binary frame of a client, or the `Error` to answer; nothing raises."""
    view = memoryview(frame)
    end = 4 + int.from_bytes(view[:4], "big")
    if len(view) < 4 or end > len(view) or end > _LONGEST_HEADER:
        return Error(code="malformed", message="A binary frame is a header with its length before it, and bytes.")
    try:
        header = _slice.decode(view[4:end])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Error(code="malformed", message=f"Not a slice of a file: {error}", req=_req_of(view[4:end]))
    payload = view[end:]
    if len(payload) > limits.slice:
        return Error(code="too_large", message=f"A slice has at most {limits.slice:,} bytes.", req=header.req)
    return header, payload


__all__ = [name for name in dir() if not name.startswith("_") and name not in {"annotations", "os", "uuid"}]
