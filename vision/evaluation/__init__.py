"""What the enhanced view is worth: figures with truth (`evaluate`), and without where there is none."""
