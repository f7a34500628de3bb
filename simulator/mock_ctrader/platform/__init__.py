"""The cTrader applications: what a device keeps, which screens it opens, and when its session begins and ends."""
