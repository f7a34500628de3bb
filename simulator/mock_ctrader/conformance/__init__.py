"""The vendor's conformance list as data: what is tried, what each answer means, and what is accepted for a while."""
