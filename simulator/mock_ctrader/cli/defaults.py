"""What commands take where nothing else is said: known to their help, and to what they do."""

from typing import Final

PRESENT_PORT: Final = 8766
"""Where sessions are presented: not the port of `mock-ctrader serve`."""
STAFF_PASSWORD: Final = "back-office"
"""Opens the back office of a sample CRM that was told no other. No secret: such a CRM holds made-up people only."""
