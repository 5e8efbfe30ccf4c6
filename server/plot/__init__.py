"""The picture of a map's surprisal over time: what it shows, where everything goes, and its two file formats."""
