"""L2: the only part that uses the network: pages, metadata and files of indexes."""
