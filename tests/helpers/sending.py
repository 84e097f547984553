"""Files sent to a hub in slices, and got back."""

from __future__ import annotations

from typing import Any

from house import Person, RefusedError

from collabchat import protocol as p

SLICE = 512 * 1024


async def begin(person: Person, room: p.Id, name: str, size: int, **more: Any) -> p.Upload:
    """Begin an upload, or go on with one (``upload=``)."""
    fields = {"upload": p.new_req()} | more
    found: p.Upload = await person.ask(p.StartUpload(req=p.new_req(), room=room, name=name, size=size, **fields))
    return found


async def put(person: Person, upload: p.Req, offset: int, content: bytes) -> p.Upload:
    """One slice, and what is answered."""
    req = p.new_req()
    await person.say(p.encode_binary(p.Slice(req=req, upload=upload, offset=offset), content))
    reply = await person.until(lambda: next((one for one in person.heard if getattr(one, "req", None) == req), None))
    if isinstance(reply, p.Error):
        raise RefusedError(reply)
    assert isinstance(reply, p.Upload)
    return reply


async def rest(person: Person, begun: p.Upload, content: bytes, *, size: int = SLICE) -> p.Upload:
    """What is not there yet."""
    while begun.file is None:
        begun = await put(person, begun.upload, begun.offset, content[begun.offset : begun.offset + size])
    return begun


async def send(person: Person, room: p.Id, content: bytes, name: str = "a.bin", **more: Any) -> p.Upload:
    """A whole file; ``.upload`` is what to post, ``.file`` what it became."""
    return await rest(person, await begin(person, room, name, len(content), **more), content)


async def post(person: Person, room: p.Id, *contents: bytes, text: str = "", name: str = "a.bin") -> p.Id:
    """A message with these files."""
    uploads = [(await send(person, room, content, name)).upload for content in contents]
    return (await person.do(p.Post, room=room, text=text, files=uploads)).id or ""


async def binary(person: Person, request: p.GetSlice | p.GetThumbnail) -> tuple[Any, bytes]:
    """What a request is answered with in a binary frame: the header and its bytes."""
    await person.say(p.encode(request).decode())

    def answered() -> Any:
        for one in person.heard:
            if isinstance(one, tuple) and one[0].req == request.req:
                return one
            if isinstance(one, p.Error) and one.req == request.req:
                return one
        return None

    reply = await person.until(answered)
    if isinstance(reply, p.Error):
        raise RefusedError(reply)
    return reply[0], bytes(reply[1])


async def get(person: Person, file: p.FileId, offset: int = 0, length: int = 1_048_576) -> bytes:
    """A slice of a file."""
    header, content = await binary(person, p.GetSlice(req=p.new_req(), file=file, offset=offset, length=length))
    assert isinstance(header, p.FileSlice)
    assert (header.file, header.offset) == (file, offset)
    return content


async def whole(person: Person, file: p.FileId) -> bytes:
    """All of a file."""
    found = b""
    while part := await get(person, file, len(found)):
        found += part
    return found


async def code(asking: Any) -> str:
    """``ok``, or the code of the refusal."""
    try:
        await asking
    except RefusedError as error:
        return error.code
    return "ok"
