"""The command line: one function a command, registered in `commands`."""
