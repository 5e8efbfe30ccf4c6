"""The model that comes with maimod: its fields, network, weights and scoring."""
