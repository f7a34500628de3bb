"""The composition: settings, clock, tasks, and the simulator that puts the rooms together."""
