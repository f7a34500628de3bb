"""The journeys that ship with mock-ctrader, one YAML file each."""
