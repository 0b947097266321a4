"""What a running part says of itself: whether it lives, whether it is ready, and its numbers."""
