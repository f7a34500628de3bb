"""Ways in and out: thin adapters between a library and the values of ``wire``; they hold no rules."""
