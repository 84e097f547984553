"""What the names of files say about them, where their content leaves it open."""

from __future__ import annotations

from collabchat import protocol as p

Media = tuple[str, p.FileKind]


def _all(kind: p.FileKind, media_type: str, endings: str) -> dict[str, Media]:
    return dict.fromkeys(endings.split(), (media_type, kind))


BY_ENDING: dict[str, Media] = {
    **_all("data", "text/csv", "csv"),
    **_all("data", "text/tab-separated-values", "tsv tab"),
    **_all("data", "application/json", "json"),
    **_all("data", "application/geo+json", "geojson"),
    **_all("data", "application/x-ndjson", "jsonl ndjson jsonlines"),
    **_all("notebook", "application/x-ipynb+json", "ipynb"),
    **_all("document", "text/plain", "txt text log out err nfo srt vtt"),
    **_all("document", "text/markdown", "md markdown mkd mdx qmd rmd"),
    **_all("document", "text/x-rst", "rst"),
    **_all("document", "text/calendar", "ics"),
    **_all("document", "text/vcard", "vcf"),
    **_all("document", "message/rfc822", "eml"),
    **_all("code", "text/html", "html htm xhtml shtml"),
    **_all("code", "image/svg+xml", "svg"),
    **_all("code", "application/xml", "xml xsd xsl xslt rss atom kml gpx plist"),
    **_all("code", "text/javascript", "js mjs cjs jsx"),
    **_all("code", "text/x-typescript", "ts tsx mts cts"),
    **_all("code", "text/css", "css"),
    **_all("code", "text/x-scss", "scss sass less"),
    **_all("code", "text/x-vue", "vue svelte"),
    **_all("code", "text/x-python", "py pyi pyw pyx pxd"),
    **_all("code", "text/x-r", "r"),
    **_all("code", "text/x-julia", "jl"),
    **_all("code", "application/sql", "sql ddl"),
    **_all("code", "application/x-sh", "sh bash zsh ksh"),
    **_all("code", "text/x-fish", "fish"),
    **_all("code", "text/x-powershell", "ps1 psm1 psd1"),
    **_all("code", "text/x-batch", "bat cmd"),
    **_all("code", "application/yaml", "yaml yml"),
    **_all("code", "application/toml", "toml"),
    **_all("code", "text/x-ini", "ini cfg conf properties env editorconfig"),
    **_all("code", "text/x-c", "c h"),
    **_all("code", "text/x-c++", "cpp cc cxx c++ hpp hh hxx ino cu cuh"),
    **_all("code", "text/x-csharp", "cs"),
    **_all("code", "text/x-java", "java"),
    **_all("code", "text/x-kotlin", "kt kts"),
    **_all("code", "text/x-scala", "scala sc"),
    **_all("code", "text/x-groovy", "groovy gradle"),
    **_all("code", "text/x-go", "go"),
    **_all("code", "text/x-rust", "rs"),
    **_all("code", "text/x-swift", "swift"),
    **_all("code", "text/x-ruby", "rb"),
    **_all("code", "text/x-php", "php"),
    **_all("code", "text/x-perl", "pl pm"),
    **_all("code", "text/x-lua", "lua"),
    **_all("code", "text/x-dart", "dart"),
    **_all("code", "text/x-haskell", "hs"),
    **_all("code", "text/x-elixir", "ex exs"),
    **_all("code", "text/x-clojure", "clj cljs"),
    **_all("code", "text/x-fortran", "f f90 f95 f03 for"),
    **_all("code", "text/x-matlab", "m"),
    **_all("code", "text/x-sas", "sas"),
    **_all("code", "text/x-stata", "do ado"),
    **_all("code", "text/x-tex", "tex sty cls bib"),
    **_all("code", "text/x-diff", "diff patch"),
    **_all("code", "text/x-terraform", "tf hcl"),
    **_all("code", "text/x-protobuf", "proto"),
    **_all("code", "application/graphql", "graphql gql"),
    **_all("code", "text/x-cmake", "cmake"),
}
"""Texts; what is no text is none of these, whatever it is called."""

BY_NAME: dict[str, Media] = {
    "dockerfile": ("text/x-dockerfile", "code"),
    "containerfile": ("text/x-dockerfile", "code"),
    "makefile": ("text/x-makefile", "code"),
    "gnumakefile": ("text/x-makefile", "code"),
    "cmakelists.txt": ("text/x-cmake", "code"),
    "rakefile": ("text/x-ruby", "code"),
    "gemfile": ("text/x-ruby", "code"),
    "jenkinsfile": ("text/x-groovy", "code"),
    "requirements.txt": ("text/plain", "code"),
    ".gitignore": ("text/plain", "code"),
    ".bashrc": ("application/x-sh", "code"),
    ".profile": ("application/x-sh", "code"),
}

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

IN_ZIP: dict[str, Media] = {
    "docx": (_OFFICE + "wordprocessingml.document", "document"),
    "docm": ("application/vnd.ms-word.document.macroenabled.12", "document"),
    "dotx": (_OFFICE + "wordprocessingml.template", "document"),
    "pptx": (_OFFICE + "presentationml.presentation", "document"),
    "pptm": ("application/vnd.ms-powerpoint.presentation.macroenabled.12", "document"),
    "ppsx": (_OFFICE + "presentationml.slideshow", "document"),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", "data"),
    "xlsm": ("application/vnd.ms-excel.sheet.macroenabled.12", "data"),
    "xlsb": ("application/vnd.ms-excel.sheet.binary.macroenabled.12", "data"),
    "odt": (_ODF + "text", "document"),
    "ott": (_ODF + "text-template", "document"),
    "odp": (_ODF + "presentation", "document"),
    "ods": (_ODF + "spreadsheet", "data"),
    "odg": (_ODF + "graphics", "document"),
    "epub": ("application/epub+zip", "document"),
    "npz": ("application/x-npz", "data"),
    "jar": ("application/java-archive", "archive"),
    "whl": ("application/zip", "archive"),
    "apk": ("application/vnd.android.package-archive", "archive"),
}
"""What a zip file may be."""

IN_OLE: dict[str, Media] = {
    "doc": ("application/msword", "document"),
    "dot": ("application/msword", "document"),
    "xls": ("application/vnd.ms-excel", "data"),
    "xlt": ("application/vnd.ms-excel", "data"),
    "ppt": ("application/vnd.ms-powerpoint", "document"),
    "pps": ("application/vnd.ms-powerpoint", "document"),
    "msg": ("application/vnd.ms-outlook", "other"),
    "msi": ("application/x-msi", "other"),
}
"""What Microsoft's older storage may be."""
