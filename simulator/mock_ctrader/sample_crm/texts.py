"""Everything the pages say, in every language they speak."""

from mock_ctrader.sample_crm.texts_en import ENGLISH
from mock_ctrader.sample_crm.texts_es import SPANISH

TEXTS = {"en": ENGLISH, "es": SPANISH}


def pick_language(wanted: str, default: str) -> str:
    """Return the language to write in: the wanted one ("es", "es-MX") if we speak it, else the broker's own."""
    language = wanted[:2].lower()
    return language if language in TEXTS else default
