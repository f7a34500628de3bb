"""The file that ``mock-ctrader load`` names to Locust, which looks for people and their arrivals in it."""

from mock_ctrader.runtime.load_users import Arrivals, Person

__all__ = ["Arrivals", "Person"]
