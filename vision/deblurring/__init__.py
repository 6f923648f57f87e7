"""One blurred picture made clear: the networks run in time, fused, and their result guarded."""
