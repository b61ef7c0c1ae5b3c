"""What everything stands on: paths, storage, bus, tasks, network policy, secrets, instance."""
