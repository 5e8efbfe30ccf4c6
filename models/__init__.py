"""Networks, their weights, and what they say of a map."""
