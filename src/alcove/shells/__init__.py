"""L9: what lives in a user's shell: the function `alcove`, activation on `cd`, completion, and the way into rc files."""
