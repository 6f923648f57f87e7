"""The enhanced view in a process of its own: its arithmetic then waits for no thread of the tower, and none for it."""
