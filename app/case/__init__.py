"""What is kept of an operation: snapshots and recordings, written so that a power cut loses little."""
