"""Who speaks in a Slack export: users, bots, and those whom only a message names."""

from __future__ import annotations

from collections.abc import Iterator

from collabchat.importers.readers.slack_shapes import Comment, Message, Profile, User
from collabchat.importers.records import Person

_SLACKBOT = "USLACKBOT"
_NOBODY = "unknown"


class People:
    """Everybody who was met so far; ``new`` are those to be told of before the next message."""

    def __init__(self) -> None:
        self.handles: dict[str, str] = {}
        self.bots: set[str] = set()
        self._of_bots: dict[str, str] = {}
        """The user of a bot's id."""
        self.new: list[Person] = []

    def take(self) -> Iterator[Person]:
        new, self.new = self.new, []
        yield from new

    def user(self, one: User) -> Iterator[Person]:
        """A user of the list."""
        profile = one.profile or Profile()
        handle = one.name or profile.display_name or one.id
        name = profile.real_name or one.real_name or profile.display_name or ""
        bot = bool(one.is_bot) or one.id == _SLACKBOT
        if profile.bot_id:
            self._of_bots[profile.bot_id] = one.id
        self._meet(one.id, handle, name, bot=bot)
        yield from self.take()

    def named(self, key: str, label: str = "") -> Iterator[Person]:
        """Somebody whom the export names by an id."""
        self.ask(key, label)
        yield from self.take()

    def ask(self, key: str, label: str = "") -> None:
        """As ``named``; whoever is new waits in ``new``."""
        if key not in self.handles:
            self._meet(key, label or key, "", bot=key == _SLACKBOT)

    def author(self, one: Message, said: Comment | None) -> tuple[str, bool]:
        """The key of who said it, and whether that is a bot."""
        key = (said.user if said else None) or one.user
        if key and key not in self.handles:
            known = one.user_profile if one.user_profile and not said else None
            name = (known and known.real_name) or ""
            handle = (known and (known.name or known.display_name)) or ""
            app = bool(one.bot_id) or key == _SLACKBOT
            if app and not handle:
                handle = (one.bot_profile and one.bot_profile.name) or one.username or ""
            self._meet(key, handle or key, name, bot=app)
        if key:
            return key, key in self.bots
        if one.bot_id or one.username or one.subtype == "bot_message":
            return self._bot(one), True
        if one.inviter:
            self.ask(one.inviter)
            return one.inviter, False
        if one.file is not None and one.file.user:
            self.ask(one.file.user)
            return one.file.user, False
        self.ask(_NOBODY)
        return _NOBODY, False

    def _bot(self, one: Message) -> str:
        """One hook may speak under many names: each is a bot of its own."""
        user = self._of_bots.get(one.bot_id or "")
        name = one.username or (one.bot_profile and one.bot_profile.name) or ""
        if user is not None and (not name or name == self.handles[user]):
            return user
        key = "/".join(filter(None, (one.bot_id, one.username))) or "bot"
        if key not in self.handles:
            self._meet(key, name or one.bot_id or "bot", name, bot=True)
        return key

    def _meet(self, key: str, handle: str, name: str, *, bot: bool) -> None:
        if key in self.handles:
            return
        self.handles[key] = handle
        if bot:
            self.bots.add(key)
        self.new.append(Person(key=key, handle=handle, name=name, bot=bot))
