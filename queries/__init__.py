"""The questions: one `.rq` file is one question, and everything else about it is derived (see `README.md`)."""
