"""Surprisal and audio features: what a trained model expects of a map. onnxruntime and torch are imported late, here only."""
