"""What becomes a message: a post, a forwarded one, a poll."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.errors import Invalid, NotFound, TooLarge
from collabchat.hub import access
from collabchat.hub.commands.decision import Case, Decision, name_of
from collabchat.hub.mentions import mentions
from collabchat.store.directory import RoomState


def post(case: Case, command: p.Post, *, scheduled: p.Scheduled | None = None) -> Decision:
    """A message of one's own; ``scheduled`` where it was written before."""
    state, me = case.workspace.directory, case.me
    room = access.room(state, me, command.room)
    access.check("post", me, room)
    files = scheduled.files if scheduled is not None else attached(case, command.files)
    if not files:
        needs_text(command.text)
    thread = _thread(case, command, room)
    return Decision(
        p.Posted(
            id=case.next,
            text=command.text if command.text.strip() else "",
            kind="bot" if me.bot else "text",
            thread=thread,
            reply_to=command.reply_to,
            mentions=mentions(command.text, state, room),
            broadcast=command.broadcast,
            scheduled=None if scheduled is None else scheduled.id,
            files=files,
        ),
        room.id,
    )


def _thread(case: Case, command: p.Post | p.CreatePoll, room: RoomState) -> p.Id | None:
    """The root of the thread that a reply stands in."""
    quote = isinstance(command, p.Post) and command.quote
    broadcast = isinstance(command, p.Post) and command.broadcast
    if broadcast and (quote or command.reply_to is None):
        raise Invalid("Only a reply in a thread can also stand in the room.")
    if command.reply_to is None:
        return None
    answered, where = access.message(case.workspace.directory, case.workspace.refs, case.me, command.reply_to)
    if where.id != room.id:
        raise Invalid(f"That message is not in #{room.name}: a reply stays in the room of what it answers.")
    if quote:
        return None
    if answered.kind == "system":
        raise Invalid("A line of the room itself has no thread; quote it instead.")
    if answered.deleted and answered.thread is None:
        raise Invalid("That message was deleted; it cannot be answered in a thread.")
    return answered.thread or answered.id


def attached(case: Case, uploads: list[p.Req]) -> list[p.Attachment]:
    """The files that these uploads became.

    Raises
    ------
    TooLarge, NotFound, Invalid
        Where a message cannot have them.
    """
    if not uploads:
        return []
    settings = case.workspace.directory.settings
    if len(uploads) > settings.attachments:
        raise TooLarge(too_many(settings, len(uploads)))
    if len(set(uploads)) < len(uploads):
        raise Invalid("A file goes with a message once.")
    files = []
    for upload in uploads:
        file = case.workspace.uploads.complete(case.me.id, upload)
        if file is None:
            raise NotFound("There is no such upload of yours, or it is not complete: send the file again.")
        files.append(file)
    over = sum(file.size for file in files) - settings.attachment_bytes
    if over > 0:
        raise TooLarge(
            f"The files of a message have at most {settings.attachment_bytes:,} bytes together; these have {over:,} "
            "too many."
        )
    return files


def too_many(settings: p.WorkspaceSettings, count: int) -> str:
    """What is said of more files than a message may have."""
    if not settings.attachments:
        return "In this workspace messages have no files."
    return f"A message has at most {settings.attachments} files; these are {count}."


def needs_text(text: str) -> None:
    """Refuse a message that says nothing."""
    if not text.strip():
        raise Invalid("A message needs some text.")


def forward(case: Case, command: p.Forward) -> Decision:
    """A message of another room, with where it comes from."""
    state, me = case.workspace.directory, case.me
    ref, origin = access.message(state, case.workspace.refs, me, command.id)
    room = access.room(state, me, command.room)
    access.check(name_of(command), me, room)
    if ref.kind == "system":
        raise Invalid("A line of the room itself cannot be forwarded.")
    if ref.deleted:
        raise Invalid("That message was deleted.")
    found = case.workspace.message(ref.id)
    if found is None or found.text is None:
        raise Invalid("That message was deleted.")
    # What was forwarded is forwarded as it is: its first origin counts.
    source = found.forwarded if found.forwarded is not None and not found.text else None
    forwarded = source or p.Forwarded(
        id=found.id, room=origin.id, author=found.author, time=found.time, text=found.text
    )
    return Decision(
        p.Posted(
            id=case.next,
            text=command.text.strip() and command.text,
            kind="bot" if me.bot else "text",
            mentions=mentions(command.text, state, room),
            forwarded=forwarded,
            files=found.files,
        ),
        room.id,
    )


def poll(case: Case, command: p.CreatePoll) -> Decision:
    """A question with choices."""
    state, me = case.workspace.directory, case.me
    room = access.room(state, me, command.room)
    access.check(name_of(command), me, room)
    question = command.question.strip()
    options = [option.strip() for option in command.options]
    if not question or not all(options):
        raise Invalid("A poll needs a question, and words for each of its choices.")
    if len({option.casefold() for option in options}) < len(options):
        raise Invalid("Two choices of a poll say the same.")
    if len(options) > case.limits.poll_options:
        raise Invalid(f"A poll has at most {case.limits.poll_options} choices.")
    text = "\n".join([question, *(f"- {option}" for option in options)])
    return Decision(
        p.Posted(
            id=case.next,
            text=text,
            kind="poll",
            thread=_thread(case, command, room),
            reply_to=command.reply_to,
            mentions=mentions(text, state, room),
            poll=p.Poll(question=question, options=options, multiple=command.multiple),
        ),
        room.id,
    )
