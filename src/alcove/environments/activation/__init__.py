"""L4: the scripts by which a shell enters and leaves an environment, and how each shell quotes."""
