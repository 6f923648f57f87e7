"""Films and pictures in and out, and both enhanced without a tower."""
