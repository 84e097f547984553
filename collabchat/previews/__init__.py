"""What is in files, to be shown and searched: read in a process of its own, because files come from anywhere.

The hub starts it (``python -m collabchat.previews``) and never imports it. Nothing of a file is ever run.
"""
