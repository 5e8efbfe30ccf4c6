"""The small network that is shipped: fields, rows, network, scoring."""
