"""Pages in a browser: what happens on a plant, live; served by the simulator, asking nobody else for anything."""
