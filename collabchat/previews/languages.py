"""What a text is highlighted as: the names that the panel knows (``js/src/markdown/highlight.ts``)."""

from __future__ import annotations

_ENDINGS = {
    "bash": "sh bash zsh ksh fish",
    "c": "c h",
    "cpp": "cpp cc cxx c++ hpp hh hxx ino cu cuh",
    "csharp": "cs",
    "css": "css",
    "diff": "diff patch",
    "dockerfile": "dockerfile",
    "fortran": "f f90 f95 f03 for",
    "go": "go",
    "ini": "ini cfg conf properties env editorconfig toml",
    "java": "java groovy gradle",
    "javascript": "js mjs cjs jsx",
    "json": "json geojson jsonl ndjson jsonlines ipynb",
    "julia": "jl",
    "kotlin": "kt kts",
    "latex": "tex sty cls bib",
    "lua": "lua",
    "makefile": "mk makefile",
    "markdown": "md markdown mkd mdx qmd rmd",
    "matlab": "m",
    "perl": "pl pm",
    "php": "php",
    "powershell": "ps1 psm1 psd1",
    "python": "py pyi pyw pyx pxd",
    "r": "r",
    "ruby": "rb rakefile gemfile",
    "rust": "rs",
    "sas": "sas",
    "scala": "scala sc",
    "scss": "scss sass less",
    "sql": "sql ddl",
    "stata": "do ado",
    "swift": "swift",
    "typescript": "ts tsx mts cts",
    "xml": "xml html htm xhtml shtml svg xsd xsl xslt rss atom kml gpx plist vue svelte",
    "yaml": "yaml yml",
}
_BY_ENDING = {ending: language for language, endings in _ENDINGS.items() for ending in endings.split()}
_NAMES = {
    "containerfile": "dockerfile",
    "gnumakefile": "makefile",
    "nginx.conf": "nginx",
    ".bashrc": "bash",
    ".profile": "bash",
}
_TYPES = {
    "text/html": "xml",
    "image/svg+xml": "xml",
    "application/xml": "xml",
    "application/xhtml+xml": "xml",
    "application/json": "json",
    "text/markdown": "markdown",
}


def language_of(name: str, media_type: str) -> str:
    """The language of a file; empty for plain text and what the panel has no words for."""
    lower = name.lower()
    if media_type in _TYPES:
        return _TYPES[media_type]
    return _NAMES.get(lower) or _BY_ENDING.get(lower.rpartition(".")[2], "")


def all_languages() -> set[str]:
    """Every name that `language_of` gives."""
    return {*_BY_ENDING.values(), *_NAMES.values(), *_TYPES.values()}
