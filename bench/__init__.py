"""Speed and memory, measured: `python -m bench.turns` prints the table."""
