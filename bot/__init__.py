"""Gateway, worker, command line and simulators: everything that meets a platform."""
