"""Running every part on one machine: for the demo, the tests and the benches."""
