"""What every body of the wire has in common."""

from typing import Annotated

from msgspec import Meta, Struct

Long = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number of 64 bits: the widest that the platform's wire carries."""


class Body(Struct, rename="camel", frozen=True):
    """A JSON object of the wire: Python names here, camelCase there, unknown keys ignored."""
