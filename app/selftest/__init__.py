"""The start-up self-test: what is tested, by what evidence, and what a failure holds back."""
