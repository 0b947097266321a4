"""The only package that rasa-sdk loads: one file a topic, thin."""
