"""The words that WhatsApp puts into an export itself, in the languages of its users."""

from __future__ import annotations

import re

OMITTED = frozenset(
    one.casefold()
    for one in (
        "Media omitted",
        "Medien ausgeschlossen",
        "Medien weggelassen",
        "Multimedia omitido",
        "Archivo omitido",
        "Médias omis",
        "Fichier omis",
        "Media omessi",
        "Media omesso",
        "Mídia oculta",
        "Arquivo de mídia oculto",
        "Ficheiro não revelado",
        "Media weggelaten",
        "Без медиафайлов",
        "Файл пропущен",
        "Medya dahil edilmedi",
        "pominięto multimedia",
        "Media utelämnat",
        "Media utelatt",
        "Mediefil udeladt",
        "Media tidak disertakan",
        "メディアは含まれていません",
        "媒体文件已忽略",
        "省略多媒體檔案",
        "미디어 파일을 제외한 대화내용",
        "तस्वीर छोड़ दी गई",
    )
)
"""Between ``<`` and ``>``, on Android."""

OMITTED_ENDS = (
    "omitted",
    "weggelassen",
    "ausgelassen",
    "omitido",
    "omitida",
    "absent",
    "absente",
    "omis",
    "omise",
    "omesso",
    "omessa",
    "ocultado",
    "ocultada",
    "ocultos",
    "weggelaten",
    "пропущено",
    "dahil edilmedi",
    "pominięto",
    "utelämnad",
    "utelatt",
)
"""How such a line ends on an iPhone."""

ATTACHED = re.compile(
    r"^(?P<name>[^\n]+\.\w{1,8}) \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato|"
    r"arquivo anexado|ficheiro anexado|bestand bijgevoegd|файл добавлен|dosya ekli|plik dołączony|załączono plik|"
    r"fil bifogad|bifogad fil|fil vedlagt|file terlampir|ファイル添付|文件附件)\)(?:\n|$)"
)
"""A file on Android."""
ATTACHED_IOS = re.compile(r"<[^<>:\n]{3,24}?\s?: ?(?P<name>[^<>\n]+\.\w{1,8})>")
"""A file on an iPhone."""

DELETED = frozenset(
    (
        "this message was deleted",
        "you deleted this message",
        "diese nachricht wurde gelöscht",
        "du hast diese nachricht gelöscht",
        "se eliminó este mensaje",
        "eliminaste este mensaje",
        "este mensaje fue eliminado",
        "ce message a été supprimé",
        "vous avez supprimé ce message",
        "questo messaggio è stato eliminato",
        "hai eliminato questo messaggio",
        "mensagem apagada",
        "esta mensagem foi apagada",
        "você apagou esta mensagem",
        "dit bericht is verwijderd",
        "u hebt dit bericht verwijderd",
        "данное сообщение удалено",
        "вы удалили данное сообщение",
        "bu mesaj silindi",
        "bu mesajı sildiniz",  # noqa: RUF001  (the letter of that language)
        "ta wiadomość została usunięta",
        "usunięto tę wiadomość",
    )
)

EDITED = re.compile(
    r"\s?\u200e?<(?:This message was edited|Diese Nachricht wurde bearbeitet|Se editó este mensaje|"
    r"Ce message a été modifié|Questo messaggio è stato modificato|Mensagem editada|Dit bericht is bewerkt|"
    r"Данное сообщение изменено|Bu mesaj düzenlendi|Ta wiadomość została zmieniona)>$"
)

AFTERNOON = {"am": 0, "pm": 12, "上午": 0, "下午": 12, "오전": 0, "오후": 12, "午前": 0, "午後": 12, "ص": 0, "م": 12}

CHAT_WITH = re.compile(
    r"^(?:WhatsApp Chat with|WhatsApp Chat mit|Chat de WhatsApp con|Discussion WhatsApp avec|Chat WhatsApp con|"
    r"Conversa do WhatsApp com|WhatsApp-chat met|Чат WhatsApp с|WhatsApp Chat ile|Czat WhatsApp z|WhatsApp Chat|"  # noqa: RUF001  (the letter of that language)
    r"WhatsApp-chatt med|WhatsApp)(?:\s+-)?\s+(?P<name>.+)$",
    re.IGNORECASE,
)
"""The name of the file or of the archive says whose conversation it is."""
