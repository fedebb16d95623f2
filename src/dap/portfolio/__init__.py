"""The overview: one computed row a person, the lists of it, search, and `./dap check`."""
