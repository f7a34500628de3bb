"""How long and how often is measured: a short run tells whether it works, a long one how fast it is."""

import os

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
"""How often each thing is measured; what is compared is compared within one round."""
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
"""How long one measurement takes."""
LONG = float(os.environ.get("BENCH_LONG", "60"))
"""How long the load takes in which pauses are looked for."""
TRADERS = int(os.environ.get("BENCH_TRADERS", "1000000"))
PLANTS = int(os.environ.get("BENCH_PLANTS", "10000"))
OURS = "mock-ctrader"
MANAGER = 2309
PASSWORD = "0f94e246908667af85916300c57f74b6"
"""The hash that managers and traders of a new plant have."""
LOGIN = {"login": MANAGER, "hashedPassword": PASSWORD}
