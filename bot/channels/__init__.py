"""One folder a channel: parse what a platform sends, send what we say."""
