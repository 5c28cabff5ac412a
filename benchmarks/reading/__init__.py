"""The error table of the readers: what was read beside what is true."""
