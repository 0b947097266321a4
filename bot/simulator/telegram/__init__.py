"""A fake Telegram: the Bot API for one bot, its updates, its users' phones."""
