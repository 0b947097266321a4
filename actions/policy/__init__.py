"""One validated file per deployment says how a case lives: grades, clocks, callbacks, reviews."""
