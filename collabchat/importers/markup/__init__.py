"""The markup of other chats, as our Markdown."""
