"""What `main.py bench NAME` measures, one file each."""
