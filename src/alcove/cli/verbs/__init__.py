"""The verbs of the command line as data, a module for each heading of `alcove --help`."""
