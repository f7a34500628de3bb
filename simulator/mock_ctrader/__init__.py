"""A simulated cTrader backend and its applications, for testing a broker's CRM."""

__version__ = "0.1.0.dev0"
