"""The one record of what was said: entries, queries, redaction and the written form."""

from mock_ctrader.errors import NotOne
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.format import comparable, document, to_dict, to_json
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.query import Selection
from mock_ctrader.journal.redaction import Secrets

__all__ = ["Entry", "Journal", "NotOne", "Secrets", "Selection", "Step", "comparable", "document", "to_dict", "to_json"]
