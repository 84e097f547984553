"""A real Chromium drives real JupyterLab, Notebook 7 and Voila over a real hub.

Everything is found as a screen reader finds it: by role and accessible name.
"""
