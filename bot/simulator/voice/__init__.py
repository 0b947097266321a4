"""A vendor of interactive calls, played: it rings, keys are pressed, it reports."""
