"""What exists on a plant and what may happen to it: brokers, managers, users, traders, money, links."""
