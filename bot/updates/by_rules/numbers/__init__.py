"""The numbers of a story: what is counted, claimants, outdated tolls, and where sources differ."""
