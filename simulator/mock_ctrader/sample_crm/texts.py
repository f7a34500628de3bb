"""Everything the pages say, in every language they speak."""

from mock_ctrader.sample_crm import texts_en, texts_es, texts_office_en, texts_office_es

TEXTS = {
    "en": texts_en.ENGLISH | texts_office_en.ENGLISH,
    "es": texts_es.SPANISH | texts_office_es.SPANISH,
}


def pick_language(wanted: str, default: str) -> str:
    """Return the language to write in: the wanted one ("es", "es-MX") if we speak it, else the broker's own."""
    language = wanted[:2].lower()
    return language if language in TEXTS else default
