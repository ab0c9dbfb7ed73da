"""What keeps the processes of a bot together: notices, leases, replays, usage."""
