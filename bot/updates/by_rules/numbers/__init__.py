"""The numbers of a story: what is counted, by whom, tolls that newer ones have overtaken, and where sources differ."""
