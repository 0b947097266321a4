"""A fake WeChat official account: its API, its callbacks, its followers' phones."""
