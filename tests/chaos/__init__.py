"""A simulated month under SIGKILL, SIGSTOP, restarts of the database, a full disk and a jumping clock."""
