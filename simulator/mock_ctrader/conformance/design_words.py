"""Words that screens must not hold, and words that they must: in the languages of cTrader's applications."""

import re
from collections.abc import Iterable
from typing import Final

_CTRADER_ID: Final = re.compile(r"\bc\s?trader[\s\-_]*id\b|\bctid\b", re.IGNORECASE)
# Cash, match and their like are words; these are names of what competes with cTrader.
_PLATFORMS: Final = re.compile(
    r"\bmeta\s?trader\b(?:\s?[45])?|\bMT[45]\b|\bNinja\s?Trader\b|\bTradingView\b|\bMatch[\s\-]?Trader\b"
    r"|\bDX\s?trade\b|\bTradeLocker\b|\bxStation\b|\bThinkTrader\b|\bJForex\b|\bActTrader\b|\bSirix\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"\b(?:back|close|cancel|go back|return|exit|dismiss|volver|atrás|regresar|cerrar|cancelar|salir|zurück|schließen|"
    r"abbrechen|retour|fermer|annuler|indietro|chiudi|annulla|voltar|fechar|wstecz|powrót|zamknij|anuluj|назад|"
    r"закрыть|отмена|geri|kapat|iptal|quay lại|đóng)\b"
    r"|رجوع|إغلاق|返回|关闭|戻る|閉じる|[←\u2039«\u00d7✕✖✗❌\u2a2f⟵⬅]|^x$",
    re.IGNORECASE,
)
_CHAT: Final = re.compile(
    r"chat|intercom|zendesk|zopim|tawk\.to|livechatinc|drift\.com|crisp\.chat|tidio|jivo|olark|smartsupp|userlike|"
    r"freshchat|helpcrunch|чат|聊天|チャット",
    re.IGNORECASE,
)


def ctrader_id(text: str) -> tuple[str, ...]:
    """Return how a text mentions the cTrader ID, each way once."""
    return _found(_CTRADER_ID, text)


def platforms(text: str) -> tuple[str, ...]:
    """Return which other trading platforms a text names; the list of names is ours (assumed)."""
    return _found(_PLATFORMS, text)


def has_way_back(labels: Iterable[str]) -> bool:
    """Tell whether one of the labels of a page's controls leads back: Back, Cancel, Close, X or an arrow."""
    return any(_BACK.search(label.strip()) for label in labels)


def chats(names: Iterable[str]) -> tuple[str, ...]:
    """Return what of a page's controls and parts is there for a chat."""
    return tuple(name for name in names if _CHAT.search(name))


def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0] for match in pattern.finditer(text)))
