"""Alarms: conditions as a table, and the engine that raises, latches, acknowledges and clears them."""
