"""Bodies of the wire, one module for each family of calls."""
