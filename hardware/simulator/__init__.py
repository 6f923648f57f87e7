"""The simulated modules behind the same serial bytes as real ones: a process of its own, or in-process for tests."""
