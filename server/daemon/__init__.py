"""The daemon: watches folders of maps, judges what changed, and tells overlays and editors over one WebSocket."""
