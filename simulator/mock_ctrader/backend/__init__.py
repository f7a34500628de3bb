"""The simulated cTrader backend: what it answers to a broker, and how it turns to the CRM for its applications."""
