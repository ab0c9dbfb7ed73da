"""What processes of a bot share: notices, leases, replays, usage."""
