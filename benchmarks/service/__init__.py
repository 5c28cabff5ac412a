"""The service beside its peers: the same queries over HTTP on the same data, loads, memory, and an attack."""
