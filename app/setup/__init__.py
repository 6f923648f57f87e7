"""The set-up: what is asked before a tower can start, tried out, and written as its configuration."""
