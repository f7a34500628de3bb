"""What may be said on the wire, in both directions: each call one frozen value with its provenance."""
