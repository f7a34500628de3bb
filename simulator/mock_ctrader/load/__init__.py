"""A population at a CRM: which journeys are played how often, when people come, how long they think, what came of it.

The room is pure: it shares out, draws, counts and puts together; ``runtime.locustfile`` plays, on Locust.
"""
